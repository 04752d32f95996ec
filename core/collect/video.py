"""Pictures out of a video: what is new in it, at most one picture for each stretch of time, grouped by shot."""

from __future__ import annotations

import math
import time as clock
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.collect.listing import Listing
from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, failed, need_path
from core.errors import PictureError
from core.imaging.reading import encode_jpeg
from core.video.frames import VideoReader
from core.video.shots import CutDetector, differs

CARD = SourceCard(
    name="video",
    title="A video",
    returns="Its frames without repeats, for one character or for nobody yet.",
    terms="Your own files: whatever you may do with them.",
    takes="video",
)
CARDS = {CARD.name: CARD}

EVERY = 1.0
"""Seconds that give one picture at most."""


def open_source(name: str, options: SourceOptions) -> Source:
    """The video that `--from` names. Raises SourceError where it cannot be read, or where PyAV is not installed."""
    path = need_path(name, options, "video").resolve()
    try:
        with VideoReader(path) as video:
            seconds = video.info.seconds
        CutDetector()
    except PictureError as error:
        raise failed(name, str(error), "Name another, or convert it with ffmpeg.") from error
    return VideoSource(path, seconds)


@dataclass(frozen=True)
class VideoSource:
    """A video file, and its length in seconds where it says so."""

    path: Path
    seconds: float | None
    every: float = EVERY

    @property
    def card(self) -> SourceCard:
        return CARD

    @property
    def listing(self) -> Listing:
        """Nothing lies in it as files."""
        return Listing(())

    @property
    def most(self) -> int:
        """How many pictures it can give; a million where it does not say how long it is."""
        return 1_000_000 if self.seconds is None else math.ceil(self.seconds / self.every) + 1

    def owns(self, key: str) -> bool:
        """Whether a picture's key is that of a frame of this video."""
        return key.startswith(f"{self.path.as_uri()}#t=")

    def characters(self) -> list[str]:
        """None: a video does not say who is on it."""
        return []

    def search(self, query: Query) -> Iterator[SearchHit]:
        """The frames that show something new, in their order: the first one of each stretch of `every` seconds.

        A picture's key is the video's address with its time (Media Fragments URI 1.0), so that a second run passes over
        what it had; pictures of one shot are a group, which no split takes apart.
        """
        address, cuts, shot = self.path.as_uri(), CutDetector(), 0
        last, stretch, beaten = None, -1, clock.monotonic()
        try:
            with VideoReader(self.path) as video:
                for frame in video.frames():
                    shot += cuts.cut_at(frame.small)
                    if clock.monotonic() - beaten > 1:
                        query.beat()
                        beaten = clock.monotonic()
                    if int(frame.time / self.every) <= stretch or not (last is None or differs(frame.small, last)):
                        continue
                    stretch, last = int(frame.time / self.every), frame.small
                    yield SearchHit(
                        CARD.name,
                        query.character,
                        f"{address}#t={frame.time:.3f}",
                        title=f"{self.path.stem}, {_stamp(frame.time)}",
                        name=f"{self.path.stem}_{_stamp(frame.time).replace(':', '-')}.jpg",
                        load=partial(bytes, encode_jpeg(frame.rgb())),
                        group=f"{address}#shot={shot}",
                    )
        except PictureError as error:
            raise failed(CARD.name, str(error), "Name another, or convert it with ffmpeg.") from error


def _stamp(seconds: float) -> str:
    """
    >>> _stamp(3725.25)
    '1:02:05.250'
    """
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"
