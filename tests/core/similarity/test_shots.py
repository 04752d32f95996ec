"""Who asks and who is enrolled, where nobody split the faces."""

from __future__ import annotations

import numpy as np
import pytest

from core.similarity.shots import drawn_split


def test_faces_that_nobody_split_are_drawn_once():
    names = np.repeat(["a", "b", "c"], [8, 3, 1])
    asking, chosen = drawn_split(names)
    assert sorted(names[chosen].tolist()) == ["a"] * 5 + ["b"]
    assert sorted(names[asking].tolist()) == ["a"] * 3 + ["b"] * 2
    assert not set(asking) & set(chosen)


@pytest.mark.parametrize(("count", "enrolled"), [(1, 0), (2, 1), (5, 2), (6, 5), (7, 5)])
def test_five_faces_are_enrolled_and_half_where_there_are_no_more(count, enrolled):
    asking, chosen = drawn_split(np.repeat(["a"], count))
    assert len(chosen) == enrolled
    assert len(asking) == (count - enrolled if enrolled else 0)


def test_every_draw_is_another_and_the_first_is_always_the_same():
    names, rng = np.repeat(["a"], 50), np.random.default_rng(1)
    draws = [drawn_split(names, rng=rng)[1].tolist() for _ in range(3)] + [drawn_split(names)[1].tolist()]
    assert len({tuple(draw) for draw in draws}) == 4
    assert drawn_split(names)[1].tolist() == draws[3]
