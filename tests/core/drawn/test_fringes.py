"""The fringe's edge: locks in order, on the character's own side."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from core.drawn import cast
from core.drawn.fringes import fringe_edge
from core.drawn.words import Fringe


@pytest.mark.parametrize("style", get_args(Fringe))
def test_tips_hang_below_the_valleys_beside_them(style):
    edge = fringe_edge(replace(cast(1)[0], fringe=style), 1)
    assert len(edge) % 2 == 1 and edge[0][0] == -0.9 and edge[-1][0] == 0.9
    assert [u for u, _ in edge] == sorted(u for u, _ in edge)
    inner = range(3, len(edge) - 2, 2)
    assert all(edge[i][1] > min(edge[i - 1][1], edge[i + 1][1]) for i in inner)


def test_a_mirrored_head_has_the_mirrored_edge():
    character = cast(1, seed=3)[0]
    assert fringe_edge(character, -1) == [(-u, y) for u, y in reversed(fringe_edge(character, 1))]
