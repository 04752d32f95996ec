"""How good a face is to learn from: large enough, sharp, and not cut off by the picture's border. Pure functions."""

from __future__ import annotations

import cv2
import numpy as np

from core.imaging.boxes import Box

GOOD_SIDE = 96
"""Pixels of the tight box's shorter side from which a face counts as large."""

SHARP = 60.0
"""Variance of the Laplacian at 96 px from which a drawn face counts as sharp (flat colours, hard lines)."""


def size_quality(box: Box) -> float:
    """Shorter side over 96 px, at most 1."""
    return min(min(box.w, box.h) / GOOD_SIDE, 1.0)


def sharpness(crop: np.ndarray) -> float:
    """Variance of the Laplacian of the crop (uint8 HxWx3) brought to 96 px, over SHARP, at most 1."""
    grey = cv2.cvtColor(cv2.resize(crop, (96, 96), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    return min(float(cv2.Laplacian(grey, cv2.CV_64F).var()) / SHARP, 1.0)


def inside_share(box: Box, shape: tuple[int, ...]) -> float:
    """Share of the tight box that lies on a picture of shape (height, width, ...)."""
    inner = box.clip(shape[1], shape[0])
    return inner.area / box.area if inner else 0.0


def face_quality(crop: np.ndarray, box: Box, shape: tuple[int, ...]) -> float:
    """The smallest of size, sharpness and the share inside the picture: 0 to 1; the worst property decides."""
    return round(min(size_quality(box), sharpness(crop), inside_share(box, shape)), 3)
