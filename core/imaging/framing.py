"""The one framing of a face: the square that the encoder sees around a tight box.

In this layer because the workspace cuts crops too; `core.vision.face_crop` is the same function.
"""

from __future__ import annotations

import cv2
import numpy as np

from core.imaging.boxes import Box

FACE_CROP = "face_crop"
"""How the catalogue says that a crop has this framing, though no picture around it was kept."""

MARGIN = 0.5
"""Of the tight box's longer side, on each side of the square: the square is 2.0 times as large."""

SHIFT_UP = 0.1
"""Of the longer side: hair says more about who it is than the neck."""


def frame(box: Box) -> Box:
    """The square around a tight box (mid-forehead to chin, cheek to cheek); it may leave the picture."""
    square = box.square()
    return square.pad(MARGIN).shift(0, -SHIFT_UP * square.h)


def _bounded(box: Box, width: int, height: int) -> Box:
    """The box itself, unless it is more than twice as long as the picture's shorter side, as no face is."""
    longest = 2.0 * min(width, height)
    if max(box.w, box.h) <= longest:
        return box
    inside = box.clip(width, height)
    if inside is None:
        raise ValueError(f"{box} holds no pixel of a picture of {width} x {height}.")
    return Box.from_centre(*inside.centre, min(inside.w, longest), min(inside.h, longest))


def face_crop(rgb: np.ndarray, box: Box) -> np.ndarray:
    """The face in its one framing: uint8 side x side x 3.

    Where the square leaves the picture the border is repeated, so that the face stays in the middle. Of a box that is
    much larger than the picture only the part inside counts, so that the result stays as small as pictures are.
    Raises ValueError where the box lies wholly outside.
    """
    height, width = rgb.shape[:2]
    square = frame(_bounded(box, width, height))
    side = max(round(square.w), 1)
    x, y = round(square.x), round(square.y)
    left, top = max(-x, 0), max(-y, 0)
    right, bottom = max(x + side - width, 0), max(y + side - height, 0)
    inner = Box(x, y, side, side).crop(rgb)
    if left or top or right or bottom:
        inner = cv2.copyMakeBorder(inner, top, bottom, left, right, cv2.BORDER_REPLICATE)
    return inner
