"""Crops that were made elsewhere, brought to one framing: an icon, a thumbnail, another tool's crop.

Such a crop shows a face in whatever framing its maker chose, from 1.2 to 3.4 times the tight box. Our own detector
finds the face on it, and the square around the face is cut anew; it never leaves the crop, because a repeated border
did harm. Where no face is found the crop stays as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from core.imaging.boxes import Box, Detection
from core.imaging.framing import SHIFT_UP

if TYPE_CHECKING:
    from core.vision.cnn import CnnDetector

AUTO, GIVEN = "auto", "given"
FRAMINGS = (AUTO, GIVEN)

TIMES = 1.75
"""Side of the square over the longer side of the tight box. Chosen on characters that the encoder had not seen
(docs/encoder.md): 1.5 to 2.0 lie close together, tight crops never change."""
SIDE = 128
"""Pixels at which a crop is looked at: its face is large, and this takes 2 ms."""
LEAST = 0.3
"""Score from which a face on a crop is believed."""
FORMAT = 1
"""To be raised when the same crop is to be cut in another way: part of the embedding cache's key."""


def reframe(crops: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Each crop (uint8 HxWx3) cut to the square around its face, or as it is: without a copy."""
    detector = _detector()
    if detector is None or not crops:
        return list(crops)
    found = detector.detect_crops(crops, side=SIDE, min_score=LEAST)
    return [cut(crop, faces) for crop, faces in zip(crops, found, strict=True)]


def cut(crop: np.ndarray, found: Sequence[Detection]) -> np.ndarray:
    """The square around the best of the faces found, moved to lie inside the crop; the crop where there is none."""
    if not found:
        return crop
    height, width = crop.shape[:2]
    square = square_inside(found[0].box, width, height)
    if square.w >= max(height, width):
        return crop
    return square.crop(crop)


@cache
def signature() -> str:
    """What decides how a crop is cut: two crops alike are cut alike where this is the same. For the keys of caches."""
    from core.vision.detector import WEIGHTS

    if not WEIGHTS.is_file():
        return GIVEN
    with WEIGHTS.open("rb") as file:
        return f"{AUTO}-{FORMAT}-{TIMES}-{hashlib.file_digest(file, 'sha256').hexdigest()[:16]}"


@cache
def _detector() -> CnnDetector | None:
    """The shipped network; None where its weights are missing, so that crops stay as they are."""
    from core.vision.cnn import CnnDetector
    from core.vision.detector import WEIGHTS

    return CnnDetector.load(WEIGHTS) if WEIGHTS.is_file() else None


def square_inside(face: Box, width: int, height: int) -> Box:
    """The square of TIMES the tight box, around it and a little above, no larger than the crop and moved inside it.

    >>> square_inside(Box(40, 40, 40, 40), 200, 200)
    Box(x=25.0, y=21.0, w=70.0, h=70.0)
    >>> square_inside(Box(0, 0, 40, 40), 200, 200)
    Box(x=0.0, y=0.0, w=70.0, h=70.0)
    """
    longer = max(face.w, face.h)
    side = min(TIMES * longer, width, height)
    cx, cy = face.centre
    x = min(max(cx - side / 2, 0.0), width - side)
    y = min(max(cy - SHIFT_UP * longer - side / 2, 0.0), height - side)
    return Box(x, y, side, side)
