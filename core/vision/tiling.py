"""Which parts of a picture are looked at: the whole of most, overlapping tiles of very long and very large ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.imaging.boxes import Box

STRIP = 3.0
"""From this ratio of the sides on a picture is a strip, as a web comic is: scaled to the network's side as a whole, its
faces would be a few pixels wide."""
NARROWEST = 16
LONGEST = 500
"""A strip of fewer pixels across, or this many times as long as it is wide, is a rule or a border: it holds no face,
would be thousands of tiles, and is looked at once."""
SHORTEST_TILE = 160
"""Tiles of a narrow strip are at least so long: half of what the network sees at once, so that a strip of a few pixels
across is not cut into a thousand."""
LARGE = 3000
"""A picture with a longer side than this may hold faces that are too small to be seen on the whole."""
LARGE_CLOSELY = 2000
TILE = 1200
OVERLAP = 240
SMALL = 0.3
"""A face on a tile of a large picture is at most this share of the tile: larger ones are seen on the whole."""
TILE_SCORE = 0.6
"""Score from which such a face is believed: parts of a large face look like small faces. On 43 pictures enlarged to
3,200 px precision fell from .95 to .90 (without both limits to .52); of small faces on pages of 4,000 px .58 are found
instead of .28."""


@dataclass(frozen=True)
class Part:
    """A part of a picture that is looked at: where on it (pixels), its pixels; `small`: for small, sure faces only."""

    x: int
    y: int
    pixels: np.ndarray
    small: bool = False

    def believes(self, box: Box, score: float) -> bool:
        """Whether a face found here, in pixels of the picture, counts."""
        return not self.small or (score >= TILE_SCORE and max(box.w, box.h) <= SMALL * TILE)


def parts_of(rgb: np.ndarray, *, closely: bool = False) -> list[Part]:
    """The whole picture; of a strip its tiles; of a large picture the tiles as well.

    closely: tiles from 2,000 pixels on, and every face on them counts.
    """
    height, width = rgb.shape[:2]
    short, long = sorted((height, width))
    if short < NARROWEST or long > LONGEST * short:
        return [Part(0, 0, rgb)]
    if long >= STRIP * short:
        return [Part(*part) for part in strip(rgb)]
    tiles = tiles_of(rgb, LARGE_CLOSELY if closely else LARGE)
    return [Part(0, 0, rgb), *(Part(*tile, small=not closely) for tile in tiles)]


def strip(rgb: np.ndarray) -> list[tuple[int, int, np.ndarray]]:
    """Tiles of two to one along a strip, longer ones on a narrow strip; each overlaps the next by the strip's width, so
    that every face is whole on one of them.

    >>> [(x, y, part.shape) for x, y, part in strip(np.zeros((400, 100, 3)))]
    [(0, 0, (200, 100, 3)), (0, 100, (200, 100, 3)), (0, 200, (200, 100, 3))]
    """
    height, width = rgb.shape[:2]
    short = min(height, width)
    tile = max(2 * short, SHORTEST_TILE)
    if height > width:
        return [(0, y, rgb[y : y + tile]) for y in _starts(height, tile, short)]
    return [(x, 0, rgb[:, x : x + tile]) for x in _starts(width, tile, short)]


def tiles_of(
    rgb: np.ndarray, longest: int = LARGE_CLOSELY, tile: int = TILE, overlap: int = OVERLAP
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
