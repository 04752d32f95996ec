"""From a picture to the detector network's input, and from its answer to boxes."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from core.imaging.boxes import Box, Detection
from core.vision.specs import STRIDE

ALIGN = 64
"""The network halves its input six times."""
GREY = (128, 128, 128)


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
    return cv2.copyMakeBorder(small, 0, below, 0, right, cv2.BORDER_CONSTANT, value=GREY), factor


def padded(pixels: np.ndarray, side: int) -> np.ndarray:
    """Filled up with grey on the right and below to side x side, so that crops of all shapes fit into one batch."""
    height, width = pixels.shape[:2]
    return cv2.copyMakeBorder(pixels, 0, side - height, 0, side - width, cv2.BORDER_CONSTANT, value=GREY)


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


def turned_back(box: Box, turns: int, shape: tuple[int, ...]) -> Box:
    """Where a box on a picture turned by np.rot90 so many times (1 or 3) lies on the picture of this shape.

    >>> turned_back(Box(0, 0, 10, 20), 1, (100, 200, 3)), turned_back(Box(0, 0, 10, 20), 3, (100, 200, 3))
    (Box(x=180, y=0, w=20, h=10), Box(x=0, y=90, w=20, h=10))
    """
    height, width = shape[:2]
    if turns == 1:
        return Box(width - box.bottom, box.x, box.h, box.w)
    return Box(box.y, height - box.right, box.h, box.w)


def tidy(found: Sequence[Detection], shape: tuple[int, ...], iou: float = 0.4) -> list[Detection]:
    """Clip to the picture, and of boxes that mean the same face keep the best: those that overlap by `iou`, and those
    that have more than seven tenths of the smaller one's area in common."""
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
