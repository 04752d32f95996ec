"""The detector `cnn`: the network that ships with the app, on pictures of any size.

A picture is scaled so that its long side is as in training, run through the network, and the cells that say "here is
a face's centre" become boxes; of boxes that mean the same face the best stays. Strips and very large pictures are
looked at in tiles (core.vision.tiling); a picture without a sure face is turned to both sides, for somebody may lie.
What is in doubt is looked at again in the mirror and at another size (core.vision.agreement), and what is still in
doubt by the face encoder (core.vision.second_look).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import DetectorError
from core.imaging.boxes import Detection
from core.vision.agreement import agreed
from core.vision.cells import decode, padded, prepare, tidy, turned_back
from core.vision.converted import Source
from core.vision.runtimes import Runtime, TorchRuntime, open_runtime
from core.vision.second_look import LEAST, SecondLook
from core.vision.specs import DetectorSpec, read_detector_header
from core.vision.tiling import parts_of

if TYPE_CHECKING:
    from torch import nn

    from core.vision.cnn_network import DetectorNet

FLOOR = 0.02
"""No box below this score is ever built."""
BATCH = 8
"""Views of one shape that go through the network together."""
SURE = 0.5
"""A picture with a face of this score is not turned."""
FIRST = 0.8
"""Size of the first look over the usual size, where there can be a second one."""
DOUBT, NO_DOUBT = 0.2, 0.6
"""A picture is looked at again where some box scores between these, or none more."""
TURNED = 0.6
"""Score from which a face on a turned picture is believed: bodies without a face reach it in 1 of 100 pictures, faces
that are really turned in 8 of 10."""


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
        second_look: SecondLook | None = None,
    ):
        self.spec = spec
        self.provenance = provenance or {}
        self.operating_point = spec.score
        self.tiles = tiles
        self.second_look = second_look
        self._runtime = runtime

    @classmethod
    def of(cls, net: DetectorNet, spec: DetectorSpec, *, tiles: bool = False) -> CnnDetector:
        """From a network in memory, run by torch."""
        from core.vision.cnn_network import Cells

        return cls(spec, TorchRuntime(Cells(net)), tiles=tiles)

    @classmethod
    def load(cls, path: Path, *, tiles: bool = False, second_look: SecondLook | None = None) -> CnnDetector:
        """From a weights file. `tiles`: look at pictures over 2,000 pixels in overlapping tiles as well, and
        believe what is found there; slower, finds more tiny faces, and more that are none. Raises DetectorError where
        the file is absent or broken."""
        spec, provenance = read_detector_header(path)
        runtime = open_runtime(Source(path, lambda: _read_module(path), (2, 128, 192, 3), free=3))
        return cls(spec, runtime, provenance=provenance, tiles=tiles, second_look=second_look)

    def detect(self, rgb: np.ndarray, *, min_score: float | None = None) -> list[Detection]:
        """Faces of a uint8 HxWx3 RGB picture, best first; see Detector."""
        return self.detect_many([rgb], min_score=min_score)[0]

    def detect_many(self, pictures: Sequence[np.ndarray], *, min_score: float | None = None) -> list[list[Detection]]:
        """The same for many pictures; those of one shape after scaling go through the network together."""
        least = max(self.spec.score if min_score is None else min_score, FLOOR)
        found = self._found([checked(rgb) for rgb in pictures], least)
        unsure = [k for k, boxes in enumerate(found) if max((d.score for d in boxes), default=0.0) < SURE]
        for turns in (1, 3) if unsure else ():
            turned = self._found(
                [np.ascontiguousarray(np.rot90(pictures[k], turns)) for k in unsure], max(least, TURNED)
            )
            for k, boxes in zip(unsure, turned, strict=True):
                found[k] += [replace(d, box=turned_back(d.box, turns, pictures[k].shape)) for d in boxes]
        return [tidy(boxes, rgb.shape) for boxes, rgb in zip(found, pictures, strict=True)]

    def _found(self, pictures: Sequence[np.ndarray], least: float) -> list[list[Detection]]:
        """The faces of each picture as it stands, down to a score."""
        if self.second_look is None:
            return self.look(pictures, least)
        return self.second_look.again(pictures, self.look(pictures, min(least, LEAST)), least)

    def look(self, pictures: Sequence[np.ndarray], least: float) -> list[list[Detection]]:
        """What the network alone sees on each picture as it stands, down to a score."""
        parts = [(k, part) for k, rgb in enumerate(pictures) for part in parts_of(rgb, closely=self.tiles)]
        found: list[list[Detection]] = [[] for _ in pictures]
        for (k, part), boxes in zip(parts, self._see([part.pixels for _, part in parts]), strict=True):
            moved = [replace(d, box=d.box.shift(part.x, part.y)) for d in boxes if d.score >= least]
            found[k] += [d for d in moved if part.believes(d.box, d.score)]
        return [tidy(boxes, rgb.shape) for boxes, rgb in zip(found, pictures, strict=True)]

    def _see(self, pictures: Sequence[np.ndarray]) -> list[list[Detection]]:
        """What the network sees on each picture, down to FLOOR: in one look, or two where there is doubt."""
        if not self.spec.mirrored:
            return self._boxes(pictures, self.spec.side)
        first = self._boxes(pictures, round(FIRST * self.spec.side))
        doubtful = [k for k, boxes in enumerate(first) if not clear(boxes)]
        second = self._boxes([pictures[k] for k in doubtful], self.spec.side, mirrored=True)
        for k, boxes in zip(doubtful, second, strict=True):
            first[k] = agreed([tidy(first[k], pictures[k].shape), tidy(boxes, pictures[k].shape)], unseen=FLOOR)
        return first

    def _boxes(self, pictures: Sequence[np.ndarray], side: int, *, mirrored: bool = False) -> list[list[Detection]]:
        """What the network sees on each picture at a size, in the mirror or not: boxes down to FLOOR."""
        prepared = [prepare(rgb, side) for rgb in pictures]
        answers = self._answers([pixels[:, ::-1] if mirrored else pixels for pixels, _ in prepared])
        if mirrored:  # what was left of the centre is right of it in the mirror
            answers = [answer[[0, 3, 2, 1, 4], :, ::-1] for answer in answers]
        return [
            [Detection(box.scale(1 / factor), score, self.name) for box, score in decode(answer, FLOOR)]
            for (_, factor), answer in zip(prepared, answers, strict=True)
        ]

    def detect_crops(self, crops: Sequence[np.ndarray], *, side: int, min_score: float) -> list[list[Detection]]:
        """Faces on crops that show little else, best first: looked at once, at a small side, without the mirror image:
        about a tenth of the work of `detect`."""
        prepared = [prepare(checked(crop), side) for crop in crops]
        answers = self._answers([padded(pixels, side) for pixels, _ in prepared])
        return [
            tidy(
                [Detection(box.scale(1 / factor), score, self.name) for box, score in decode(answer, min_score)],
                c.shape,
            )
            for c, (_, factor), answer in zip(crops, prepared, answers, strict=True)
        ]

    def _answers(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """float32 (5, h/8, w/8) for each uint8 (h, w, 3) of any sizes."""
        parts = list(_by_shape(inputs))
        found: dict[int, np.ndarray] = {}
        answers = self._runtime.run(parts, lambda part: np.stack([inputs[index] for index in part]))
        for part, answer in zip(parts, answers, strict=True):
            found.update(zip(part, answer, strict=True))
        return [found[index] for index in range(len(inputs))]


def clear(boxes: Sequence[Detection]) -> bool:
    """Whether a look leaves no doubt: something is there, and all that is there is surely a face."""
    scores = [d.score for d in boxes if d.score >= DOUBT]
    return bool(scores) and min(scores) >= NO_DOUBT


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
