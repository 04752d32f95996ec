"""N faces a character: which faces are copied how often, and what an augmented copy looks like. Pure functions."""

from __future__ import annotations

import itertools
from collections.abc import Container, Sequence
from pathlib import PurePosixPath

import cv2
import numpy as np

SUFFIX = "_balancing"


def choose_copies(face_ids: Sequence[int], n: int, rng: np.random.Generator) -> list[int]:
    """Which faces to copy so that there are n: shuffled, then in turn, so that none is copied twice before all were.

    (The article's random.sample raises where more are missing than there are.)

    >>> sorted(choose_copies([7, 8], 5, np.random.default_rng(0)))[1]
    7
    """
    missing = max(n - len(face_ids), 0)
    if not missing or not face_ids:
        return []  # and nothing is drawn
    shuffled = rng.permutation(np.asarray(face_ids)).tolist()
    return list(itertools.islice(itertools.cycle(shuffled), missing))


def copy_path(path: str, taken: Container[str]) -> str:
    """`stem_balancing.jpg` beside the original, then `_balancing_2`, ...; `taken` are lower-case paths.

    Only the last suffix is cut off: a.b.jpg keeps its name a.b.

    >>> copy_path("faces/Rei/a.b_1.jpg", {"faces/rei/a.b_1_balancing.jpg"})
    'faces/Rei/a.b_1_balancing_2.jpg'
    """
    pure = PurePosixPath(path)
    stem = pure.with_name(pure.stem + SUFFIX)
    candidate, n = stem.with_name(stem.name + ".jpg"), 1
    while str(candidate).casefold() in taken:
        n += 1
        candidate = stem.with_name(f"{stem.name}_{n}.jpg")
    return str(candidate)


def augment(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another face of the same character: mirrored half the time, turned up to 10 degrees, up to 10 % larger,
    a little lighter or darker, a little more or less contrast. Hue stays: hair colour is identity."""
    height, width = rgb.shape[:2]
    if rng.random() < 0.5:
        rgb = rgb[:, ::-1]
    angle, scale = rng.uniform(-10, 10), rng.uniform(1.0, 1.1)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    turned = cv2.warpAffine(np.ascontiguousarray(rgb), turn, (width, height), borderMode=cv2.BORDER_REFLECT)
    return cv2.convertScaleAbs(turned, alpha=rng.uniform(0.85, 1.15), beta=rng.uniform(-18, 18))
