"""Which parts of a picture are looked at."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from core.imaging.boxes import Box
from core.vision.tiling import Part, _starts, parts_of, strip, tiles_of


def picture(height: int, width: int) -> np.ndarray:
    return np.zeros((height, width, 3), np.uint8)


@pytest.mark.parametrize(
    ("length", "starts"), [(900, [0]), (1200, [0]), (1201, [0, 1]), (2160, [0, 960]), (2200, [0, 500, 1000])]
)
def test_tiles_cover_the_length_evenly_and_overlap_enough(length, starts):
    assert _starts(length, 1200, 240) == starts


def test_a_usual_picture_is_looked_at_as_a_whole():
    assert [(p.x, p.y, p.pixels.shape, p.small) for p in parts_of(picture(600, 800))] == [(0, 0, (600, 800, 3), False)]


@pytest.mark.parametrize(("height", "width", "parts"), [(300, 100, 2), (299, 100, 1), (100, 300, 2)])
def test_from_three_to_one_on_a_picture_is_a_strip(height, width, parts):
    assert len(parts_of(picture(height, width))) == parts


@pytest.mark.parametrize(
    ("height", "width", "parts"),
    [(3000, 1, 1), (3000, 15, 1), (3000, 16, 21), (8000, 16, 56), (8001, 16, 1), (1_000_000, 3, 1), (20, 20_000, 1)],
)
def test_a_line_is_looked_at_once_and_a_narrow_strip_in_few_tiles(height, width, parts):
    """3,000 pixels of 16 across: tiles of 160 that overlap by 16."""
    assert len(parts_of(picture(height, width))) == parts


def test_a_narrow_strips_tiles_overlap_by_its_width():
    tiles = strip(picture(2000, 50))
    assert {part.shape[0] for _, _, part in tiles} == {160} and tiles[-1][1] == 1840
    assert max(b[1] - a[1] for a, b in itertools.pairwise(tiles)) <= 160 - 50


def test_a_wide_strip_is_cut_along_its_width():
    assert [(x, y, part.shape) for x, y, part in strip(picture(100, 400))] == [
        (x, 0, (100, 200, 3)) for x in (0, 100, 200)
    ]


def test_a_large_picture_gets_tiles_for_small_faces_as_well():
    assert len(parts_of(picture(1500, 3000))) == 1
    parts = parts_of(picture(1500, 3001))
    assert not parts[0].small and all(p.small for p in parts[1:]) and len(parts) == 1 + 3 * 2
    assert tiles_of(picture(1500, 3001), 3000)[-1][:2] == (1801, 300)


def test_looked_at_closely_tiles_begin_at_two_thousand_pixels_and_every_face_counts():
    assert len(parts_of(picture(1500, 2000), closely=True)) == 1
    parts = parts_of(picture(1500, 2001), closely=True)
    assert len(parts) == 1 + 2 * 2 and not any(p.small for p in parts)


@pytest.mark.parametrize(
    ("side", "score", "believed"), [(360, 0.6, True), (361, 0.6, False), (360, 0.59, False), (900, 0.1, False)]
)
def test_on_a_tile_only_small_sure_faces_count(side, score, believed):
    tile = Part(0, 0, picture(1, 1), small=True)
    assert tile.believes(Box(0, 0, side, 10), score) is believed
    assert tile.believes(Box(0, 0, 10, side), score) is believed
    assert Part(0, 0, picture(1, 1)).believes(Box(0, 0, side, 10), score)


def test_a_strip_of_exactly_two_squares_is_one_tile_and_a_longer_one_more():
    assert [y for _, y, _ in strip(picture(200, 100))] == [0]
    assert [y for _, y, _ in strip(picture(201, 100))] == [0, 1]
    assert [part.shape[0] for _, _, part in strip(picture(500, 100))] == [200] * 4


def test_tiles_lie_row_by_row_and_cover_the_picture():
    tiles = tiles_of(picture(1300, 2100), 2000)
    assert [(x, y) for x, y, _ in tiles] == [(0, 0), (900, 0), (0, 100), (900, 100)]
    assert {part.shape for _, _, part in tiles} == {(1200, 1200, 3)}
    assert tiles_of(picture(1300, 2000), 2000) == []
