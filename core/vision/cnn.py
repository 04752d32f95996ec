"""The detector `cnn`: our own network on pictures of any size.

A picture is scaled so that its long side is as in training, run through the network, and the cells that say "here is
a face's centre" become boxes; of boxes that mean the same face the best stays. Very large pictures can be looked at
in tiles as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch

from core.errors import DetectorError
from core.imaging.boxes import Box, Detection
from core.vision.cnn_network import STRIDE, DetectorNet, DetectorSpec, read_detector

ALIGN = 64
"""The network halves its input six times."""
FLOOR = 0.02
"""No box below this score is ever built."""


class CnnDetector:
    """The network behind the Detector interface. `detect` may be called from several threads."""

    name = "cnn"

    def __init__(self, net: DetectorNet, spec: DetectorSpec, *, provenance: dict | None = None, tiles: bool = False):
        self.spec = spec
        self.provenance = provenance or {}
        self.operating_point = spec.score
        self.tiles = tiles
        self._net = fused(net)

    @classmethod
    def load(cls, path: Path, *, tiles: bool = False) -> CnnDetector:
        """From a weights file. `tiles`: look at pictures over 2,000 pixels in overlapping tiles as well; slower, and
        finds faces that are tiny in them. Raises DetectorError where the file is absent or broken."""
        net, spec, provenance = read_detector(path)
        return cls(net, spec, provenance=provenance, tiles=tiles)

    def detect(self, rgb: np.ndarray, *, min_score: float | None = None) -> list[Detection]:
        """Faces of a uint8 HxWx3 RGB picture, best first; see Detector."""
        return self.detect_many([rgb], min_score=min_score)[0]

    def detect_many(
        self, pictures: Sequence[np.ndarray], *, min_score: float | None = None, batch: int = 8
    ) -> list[list[Detection]]:
        """The same for many pictures; those of one shape after scaling go through the network together."""
        least = max(self.spec.score if min_score is None else min_score, FLOOR)
        views = [(index, view) for index, rgb in enumerate(pictures) for view in self._views(rgb)]
        found: list[list[Detection]] = [[] for _ in pictures]
        by_shape: dict[tuple[int, int], list] = {}
        for index, (x, y, part) in views:
            prepared, factor = prepare(part, self.spec.side)
            by_shape.setdefault(prepared.shape[:2], []).append((index, x, y, factor, prepared))
        for members in by_shape.values():
            for start in range(0, len(members), batch):
                chunk = members[start : start + batch]
                answers = self._run(np.stack([member[-1] for member in chunk]))
                for (index, x, y, factor, _), answer in zip(chunk, answers, strict=True):
                    for box, score in decode(answer, least):
                        found[index].append(Detection(box.scale(1 / factor).shift(x, y), score, self.name))
        return [tidy(boxes, rgb.shape) for boxes, rgb in zip(found, pictures, strict=True)]

    def _views(self, rgb: np.ndarray) -> list[tuple[int, int, np.ndarray]]:
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
            raise DetectorError(f"A picture is uint8 of shape (height, width, 3), got {rgb.dtype} {rgb.shape}.")
        whole = [(0, 0, rgb)]
        return whole + tiles_of(rgb) if self.tiles else whole

    def _run(self, batch: np.ndarray) -> np.ndarray:
        """uint8 (n, h, w, 3) -> float32 (n, 5, h/8, w/8)."""
        x = torch.from_numpy(batch).permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)
        with torch.inference_mode():
            answer = self._net(x)
            if self.spec.mirrored:
                other = self._net(x.flip(3)).flip(3)
                # What was left of the centre is right of it in the mirror.
                answer = (answer + other[:, [0, 3, 2, 1, 4]]) / 2
            return answer.numpy()


def fused(net: DetectorNet) -> DetectorNet:
    """The same function with every batch normalisation folded into its convolution: fewer passes over memory."""
    import copy

    from torch.nn import BatchNorm2d, Conv2d, Identity, Sequential
    from torch.nn.utils.fusion import fuse_conv_bn_eval

    net = copy.deepcopy(net).eval()
    for module in net.modules():
        if not isinstance(module, Sequential) or len(module) < 2:
            continue
        if isinstance(module[0], Conv2d) and isinstance(module[1], BatchNorm2d):
            module[0], module[1] = fuse_conv_bn_eval(module[0], module[1]), Identity()
    return net.to(memory_format=torch.channels_last)


def prepare(rgb: np.ndarray, side: int) -> tuple[np.ndarray, float]:
    """Scale the long side to `side` and fill up with grey on the right and below to multiples of 64; and the factor.

    >>> prepare(np.zeros((100, 200, 3), np.uint8), 384)[0].shape
    (192, 384, 3)
    """
    height, width = rgb.shape[:2]
    factor = side / max(height, width)
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    small = cv2.resize(rgb, size, interpolation=how)
    right, below = -size[0] % ALIGN, -size[1] % ALIGN
    return cv2.copyMakeBorder(small, 0, below, 0, right, cv2.BORDER_CONSTANT, value=(128, 128, 128)), factor


def decode(answer: np.ndarray, least: float) -> list[tuple[Box, float]]:
    """Boxes in network pixels and scores, from one answer (5, h, w): cells that score at least `least` and at least
    as much as their eight neighbours."""
    heat = 1 / (1 + np.exp(-answer[0]))
    highest = cv2.dilate(heat, np.ones((3, 3), np.uint8))
    ys, xs = np.nonzero((heat >= least) & (heat >= highest))
    left, top, right, bottom = np.exp(np.clip(answer[1:, ys, xs], -5, 5))
    return [
        (
            Box.from_corners(*((np.array([x + 0.5 - a, y + 0.5 - b, x + 0.5 + c, y + 0.5 + d])) * STRIDE).tolist()),
            float(s),
        )
        for x, y, a, b, c, d, s in zip(xs, ys, left, top, right, bottom, heat[ys, xs], strict=True)
    ]


def tidy(found: Sequence[Detection], shape: tuple[int, ...], iou: float = 0.4) -> list[Detection]:
    """Clip to the picture, and of boxes that mean the same face keep the best: those that overlap by `iou`, and those
    whose centre lies in the middle of a better box of at most three times their size."""
    kept: list[Detection] = []
    for detection in sorted(found, key=lambda d: -d.score):
        box = detection.box.clip(shape[1], shape[0])
        if box is None or any(_same(box, other.box, iou) for other in kept):
            continue
        kept.append(Detection(box, detection.score, detection.detector))
    return kept


def _same(box: Box, better: Box, iou: float) -> bool:
    if box.iou(better) >= iou:
        return True
    inside = box.intersection(better) / min(box.area, better.area)
    return inside > 0.7


def tiles_of(
    rgb: np.ndarray, longest: int = 2000, tile: int = 1200, overlap: int = 240
) -> list[tuple[int, int, np.ndarray]]:
    """(x, y, pixels) of overlapping tiles of a picture whose long side is over `longest`; none for smaller ones."""
    height, width = rgb.shape[:2]
    if max(height, width) <= longest:
        return []
    return [
        (x, y, rgb[y : y + tile, x : x + tile])
        for y in _starts(height, tile, overlap)
        for x in _starts(width, tile, overlap)
    ]


def _starts(length: int, tile: int, overlap: int) -> list[int]:
    """Where tiles start so that they cover the length evenly.

    >>> _starts(2200, 1200, 240), _starts(900, 1200, 240)
    ([0, 500, 1000], [0])
    """
    if length <= tile:
        return [0]
    n = -(-(length - overlap) // (tile - overlap))
    return [round(i * (length - tile) / (n - 1)) for i in range(n)]
