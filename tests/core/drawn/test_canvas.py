"""The canvas fills, clips and mixes where it should and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from core.drawn.canvas import Canvas
from core.drawn.colours import hsv, luma, mix

SQUARE = np.array([(10, 10), (30, 10), (30, 30), (10, 30)], float)


@pytest.fixture
def canvas():
    blank = Canvas(40, 40)
    blank.pixels[:] = 255
    return blank


def test_a_filled_square_covers_its_area(canvas):
    canvas.fill(SQUARE, (0, 0, 0))
    dark = (canvas.finish()[:, :, 0] < 128).sum()
    assert dark == pytest.approx(20 * 20, rel=0.1)


def test_a_clip_keeps_what_lies_outside(canvas):
    with canvas.clip(SQUARE) as inside:
        inside.gradient((255, 0, 0), (255, 0, 0))
    picture = canvas.finish()
    assert tuple(picture[20, 20]) == (255, 0, 0)
    assert tuple(picture[5, 5]) == (255, 255, 255)


def test_half_opacity_mixes_half(canvas):
    with canvas.clip(SQUARE, opacity=0.5) as inside:
        inside.gradient((0, 0, 0), (0, 0, 0))
    assert canvas.finish()[20, 20, 0] == pytest.approx(128, abs=2)


def test_what_lies_outside_the_canvas_is_no_error(canvas):
    with canvas.clip(SQUARE + 100) as inside:
        inside.fill(SQUARE, (0, 0, 0))
    canvas.fill(SQUARE * 1e6, (0, 0, 0))
    assert (canvas.finish()[20, 5] == 255).all()


def test_a_gradient_runs_from_top_to_bottom(canvas):
    canvas.gradient((0, 0, 0), (200, 200, 200))
    column = canvas.finish()[:, 20, 0].astype(int)
    assert column[0] < 10 and column[-1] > 190 and (np.diff(column) >= 0).all()


def test_colours_mix_and_weigh_as_expected():
    assert mix((0, 0, 0), (100, 200, 50), 0.5) == (50, 100, 25)
    assert hsv(0, 1, 1) == (255, 0, 0) and hsv(120, 1, 1) == (0, 255, 0)
    assert luma((255, 255, 255)) == pytest.approx(255)
