"""The one framing: how a face's tight box becomes the square picture that every encoder sees.

Boxes are tight: mid-forehead to chin, cheek to cheek. The crop is wider, for hair is half of who somebody is.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from core.values import Box

MARGIN = 2.0
"""Side of the crop over the longer side of the tight box."""
SHIFT = 0.1
"""How far the crop's centre lies above the box's centre, over the longer side of the tight box."""


def face_frame(box: Box, *, margin: float = MARGIN, shift: float = SHIFT) -> Box:
    """The square around a tight face box, in whole pixels; it may reach over the picture's border.

    >>> face_frame(Box(40, 50, 20, 20))
    Box(x=30, y=38, w=40, h=40)
    """
    longer = max(box.w, box.h)
    side = max(round(margin * longer), 1)
    cx, cy = box.centre
    return Box(math.floor(cx - side / 2 + 0.5), math.floor(cy - shift * longer - side / 2 + 0.5), side, side)


def face_crop(rgb: np.ndarray, box: Box, *, margin: float = MARGIN, shift: float = SHIFT) -> np.ndarray:
    """The face in *the* framing: a square uint8 HxWx3, the border pixels repeated where it leaves the picture.

    `rgb` is a uint8 HxWx3 picture, `box` the tight box in its pixels. Raises ValueError where the frame holds no
    pixel of the picture.
    """
    frame = face_frame(box, margin=margin, shift=shift)
    inside = frame.crop(rgb)
    height, width = rgb.shape[:2]
    left, top = max(int(-frame.x), 0), max(int(-frame.y), 0)
    right, bottom = max(int(frame.right) - width, 0), max(int(frame.bottom) - height, 0)
    if not (left or top or right or bottom):
        return inside
    return cv2.copyMakeBorder(inside, top, bottom, left, right, cv2.BORDER_REPLICATE)


def fit_square(face: np.ndarray, size: int) -> np.ndarray:
    """A face of any size as uint8 size x size x 3: the shorter side is filled up with repeated border, then resized.

    Area averaging where it shrinks, cubic where it grows.
    """
    height, width = face.shape[:2]
    if height != width:
        missing = abs(height - width)
        before, after = missing // 2, missing - missing // 2
        edges = (before, after, 0, 0) if height < width else (0, 0, before, after)
        face = cv2.copyMakeBorder(face, *edges, cv2.BORDER_REPLICATE)
    if face.shape[0] == size:
        return np.ascontiguousarray(face)
    method = cv2.INTER_AREA if face.shape[0] > size else cv2.INTER_CUBIC
    return cv2.resize(face, (size, size), interpolation=method)
