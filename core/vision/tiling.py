"""Very large and very long pictures, cut into overlapping tiles."""

from __future__ import annotations

import numpy as np


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
