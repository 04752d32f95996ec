"""The detector `cnn`: our own network on pictures of any size.

A picture is scaled so that its long side is as in training, run through the network, and the cells that say "here is
a face's centre" become boxes; of boxes that mean the same face the best stays. Very large pictures can be looked at
in tiles as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import DetectorError
from core.imaging.boxes import Detection
from core.vision.cells import decode, padded, prepare, tidy
from core.vision.converted import Source
from core.vision.runtimes import Runtime, TorchRuntime, open_runtime
from core.vision.specs import DetectorSpec, read_detector_header
from core.vision.tiling import tiles_of

if TYPE_CHECKING:
    from torch import nn

    from core.vision.cnn_network import DetectorNet

FLOOR = 0.02
"""No box below this score is ever built."""
BATCH = 8
"""Views of one shape that go through the network together."""


@dataclass(frozen=True)
class View:
    """A part of a picture that is looked at: which picture, where on it (pixels), its pixels."""

    picture: int
    x: int
    y: int
    pixels: np.ndarray


class CnnDetector:
    """The network behind the Detector interface. `detect` may be called from several threads."""

    name = "cnn"

    def __init__(
        self,
        spec: DetectorSpec,
        runtime: Runtime,
        *,
        provenance: dict[str, Any] | None = None,
        tiles: bool = False,
    ):
        self.spec = spec
        self.provenance = provenance or {}
        self.operating_point = spec.score
        self.tiles = tiles
        self._runtime = runtime

    @classmethod
    def of(cls, net: DetectorNet, spec: DetectorSpec, *, tiles: bool = False) -> CnnDetector:
        """From a network in memory, run by torch."""
        from core.vision.cnn_network import Cells

        return cls(spec, TorchRuntime(Cells(net)), tiles=tiles)

    @classmethod
    def load(cls, path: Path, *, tiles: bool = False) -> CnnDetector:
        """From a weights file. `tiles`: look at pictures over 2,000 pixels in overlapping tiles as well; slower, and
        finds faces that are tiny in them. Raises DetectorError where the file is absent or broken."""
        spec, provenance = read_detector_header(path)
        runtime = open_runtime(Source(path, lambda: _read_module(path), (2, 128, 192, 3), free=3))
        return cls(spec, runtime, provenance=provenance, tiles=tiles)

    def detect(self, rgb: np.ndarray, *, min_score: float | None = None) -> list[Detection]:
        """Faces of a uint8 HxWx3 RGB picture, best first; see Detector."""
        return self.detect_many([rgb], min_score=min_score)[0]

    def detect_many(self, pictures: Sequence[np.ndarray], *, min_score: float | None = None) -> list[list[Detection]]:
        """The same for many pictures; those of one shape after scaling go through the network together."""
        least = max(self.spec.score if min_score is None else min_score, FLOOR)
        views = [
            View(index, x, y, part) for index, rgb in enumerate(pictures) for x, y, part in self._views(checked(rgb))
        ]
        prepared = [prepare(view.pixels, self.spec.side) for view in views]
        answers = self._answers([pixels for pixels, _ in prepared], mirrored=self.spec.mirrored)
        found: list[list[Detection]] = [[] for _ in pictures]
        for view, (_, factor), answer in zip(views, prepared, answers, strict=True):
            for box, score in decode(answer, least):
                found[view.picture].append(Detection(box.scale(1 / factor).shift(view.x, view.y), score, self.name))
        return [tidy(boxes, rgb.shape) for boxes, rgb in zip(found, pictures, strict=True)]

    def detect_crops(self, crops: Sequence[np.ndarray], *, side: int, min_score: float) -> list[list[Detection]]:
        """Faces on crops that show little else, best first: looked at once, at a small side, without the mirror image:
        about a tenth of the work of `detect`."""
        prepared = [prepare(checked(crop), side) for crop in crops]
        answers = self._answers([padded(pixels, side) for pixels, _ in prepared], mirrored=False)
        return [
            tidy(
                [Detection(box.scale(1 / factor), score, self.name) for box, score in decode(answer, min_score)],
                c.shape,
            )
            for c, (_, factor), answer in zip(crops, prepared, answers, strict=True)
        ]

    def _views(self, rgb: np.ndarray) -> list[tuple[int, int, np.ndarray]]:
        whole = [(0, 0, rgb)]
        return whole + tiles_of(rgb) if self.tiles else whole

    def _answers(self, inputs: Sequence[np.ndarray], *, mirrored: bool) -> list[np.ndarray]:
        """float32 (5, h/8, w/8) for each uint8 (h, w, 3) of any sizes."""
        parts = list(_by_shape(inputs))

        def stacked(part: list[int]) -> np.ndarray:
            pixels = np.stack([inputs[index] for index in part])
            return np.concatenate([pixels, pixels[:, :, ::-1]]) if mirrored else pixels

        found: dict[int, np.ndarray] = {}
        for part, answer in zip(parts, self._runtime.run(parts, stacked), strict=True):
            if mirrored:
                # What was left of the centre is right of it in the mirror.
                answer = (answer[: len(part)] + answer[len(part) :, [0, 3, 2, 1, 4], :, ::-1]) / 2
            found.update(zip(part, answer, strict=True))
        return [found[index] for index in range(len(inputs))]


def checked(rgb: np.ndarray) -> np.ndarray:
    """The picture itself; DetectorError where it is none."""
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
        raise DetectorError(f"A picture is uint8 of shape (height, width, 3), got {rgb.dtype} {rgb.shape}.")
    return rgb


def _by_shape(inputs: Sequence[np.ndarray]) -> Iterator[list[int]]:
    """The places of inputs that have one shape, at most BATCH together."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for index, pixels in enumerate(inputs):
        groups.setdefault(pixels.shape, []).append(index)
    for members in groups.values():
        for start in range(0, len(members), BATCH):
            yield members[start : start + BATCH]


def _read_module(path: Path) -> nn.Module:
    from core.vision.cnn_network import Cells, read_detector

    return Cells(read_detector(path)[0])
