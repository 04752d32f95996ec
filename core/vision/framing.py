"""The framing as the models use it: `face_crop` of core.imaging, and the square of an encoder's input size."""

from __future__ import annotations

import cv2
import numpy as np

from core.imaging.framing import face_crop

__all__ = ["face_crop", "fit_square"]


PADDED = 4096
"""Pixels of the longest side that is filled up to a square: of a line of 3 x 60,000 pixels it would be 11 GB."""


def fit_square(face: np.ndarray, size: int) -> np.ndarray:
    """A face of any size as uint8 size x size x 3: the shorter side is filled up with repeated border, then resized.

    Area averaging where it shrinks, cubic where it grows. What is not square and longer than PADDED shrinks first.
    """
    height, width = face.shape[:2]
    if height != width:
        factor = PADDED / max(height, width)
        if factor < 1:
            height, width = max(round(height * factor), 1), max(round(width * factor), 1)
            face = cv2.resize(face, (width, height), interpolation=cv2.INTER_AREA)
        missing = abs(height - width)
        before, after = missing // 2, missing - missing // 2
        top, bottom, left, right = (before, after, 0, 0) if height < width else (0, 0, before, after)
        face = cv2.copyMakeBorder(face, top, bottom, left, right, cv2.BORDER_REPLICATE)
    if face.shape[0] == size:
        return np.ascontiguousarray(face)
    method = cv2.INTER_AREA if face.shape[0] > size else cv2.INTER_CUBIC
    return cv2.resize(face, (size, size), interpolation=method)
