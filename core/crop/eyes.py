"""What looks at pictures, as a value that can be sent to another process, which then opens its models there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, partial
from typing import Any

import numpy as np

from core.crop.config import CropConfig
from core.crop.findings import Finding, known, triage
from core.crop.looking import Looked, Seen, Unread, cut_faces, embedded
from core.errors import PictureError
from core.imaging.reading import read_picture
from core.plugins import load_plugins
from core.settings import Settings
from core.vision import load_detector, load_encoder
from core.vision.detector import Detector
from core.vision.reframing import GIVEN
from core.workspace.tables import Picture

Look = Callable[..., list[Seen]]
"""(pictures, their pixels, uint8 RGB, and `map` or a pool's) -> what is seen on each."""


@dataclass(frozen=True)
class Eyes:
    """Detector and settings of a crop, the workspace's folder, and the path of the encoder that embeds what is found
    ("": none does). names: of all characters where no detector can be had and the boxes that came along are used."""

    config: CropConfig
    settings: Settings
    root: str
    encoder: str = ""
    names: tuple[str, ...] | None = None

    def path(self, picture: Picture) -> str:
        """Where a picture lies, as every process that looks must be able to read it."""
        return f"{self.root}/{picture.path}"

    @cached_property
    def detector(self) -> Detector:
        """What the config asks for, opened once. Raises DetectorError, in words, where it cannot be had."""
        return load_detector(self.config.detector, settings=self.settings)

    def __getstate__(self) -> dict[str, Any]:
        """Another process opens its own detector."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def open(self) -> Look:
        """Open the models. Raises DetectorError or EncoderError, in words, where one cannot be had."""
        find = self._finder()
        embed = None
        if self.encoder:
            embed = partial(load_encoder(self.encoder).embed, framing=GIVEN)

        def look(pictures: Sequence[Picture], pixels: Sequence[np.ndarray], each: Any = map) -> list[Seen]:
            if not pictures:
                return []
            seen = list(each(cut_faces, pixels, find(pictures, pixels)))
            return seen if embed is None else embedded(pixels, seen, embed)

        return look

    def _finder(self) -> Callable[[Sequence[Picture], Sequence[np.ndarray]], list[Finding]]:
        if self.names is not None:
            names = self.names
            return lambda pictures, pixels: [known(p.known_faces, names) for p in pictures]
        load_plugins(self.settings)
        detector = self.detector
        accept = detector.operating_point if self.config.accept is None else self.config.accept

        def find(pictures: Sequence[Picture], pixels: Sequence[np.ndarray]) -> list[Finding]:
            found = detector.detect_many(pixels, min_score=accept * self.config.propose)
            return [triage(detections, accept=accept, min_side=self.config.min_side) for detections in found]

        return find


def look_at(
    look: Look, pictures: Sequence[Picture], read: Sequence[np.ndarray | PictureError], each: Any = map
) -> Looked:
    """What is seen on the pictures that could be read, and why the others could not. each: `map` or a pool's."""
    both = list(zip(pictures, read, strict=True))
    unread = [_unread(picture, pixels) for picture, pixels in both if isinstance(pixels, PictureError)]
    readable = [(picture, pixels) for picture, pixels in both if not isinstance(pixels, PictureError)]
    seen = look([picture for picture, _ in readable], [pixels for _, pixels in readable], each)
    return Looked([picture for picture, _ in readable], seen, unread)


def _unread(picture: Picture, error: PictureError) -> Unread:
    return Unread(picture, str(error), isinstance(error.__cause__, FileNotFoundError))


def read_or_say(path: str) -> np.ndarray | PictureError:
    """The pixels of a picture, uint8 RGB, or why there are none."""
    try:
        return read_picture(path)
    except PictureError as error:
        return error
