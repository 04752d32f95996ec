"""A cast: distinct, named, repeatable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.drawn import cast
from core.drawn.casting import distance
from core.drawn.traits import check


def test_the_same_seed_gives_the_same_cast_and_another_seed_another():
    assert cast(10, seed=4) == cast(10, seed=4)
    assert cast(10, seed=4) != cast(10, seed=5)


def test_a_longer_cast_begins_with_the_shorter_one():
    assert cast(12, seed=1)[:5] == cast(5, seed=1)


def test_names_differ_and_have_two_parts():
    names = [c.name for c in cast(150, seed=2)]
    assert len({n.lower() for n in names}) == 150
    assert all(len(n.split()) >= 2 and n.isascii() and n[0].isupper() for n in names)


def test_every_trait_is_a_word_that_the_drawing_knows():
    for character in cast(60, seed=9):
        check(character)


def test_an_unknown_word_is_named_with_those_that_are_known():
    with pytest.raises(ValueError, match=r"fringe is 'mohawk'.*blunt"):
        check(replace(cast(1)[0], fringe="mohawk"))


def test_a_small_cast_looks_different_and_a_large_one_has_look_alikes():
    few = cast(8, seed=0)
    closest = min(distance(a, b) for i, a in enumerate(few) for b in few[:i])
    assert closest > 0.6
    many = cast(24, seed=0)
    alike = [
        (a.name, b.name)
        for i, a in enumerate(many)
        for b in many[:i]
        if a.fringe == b.fringe and float(np.abs(np.subtract(a.hair, b.hair)).max()) < 32
    ]
    assert alike


def test_a_negative_number_is_refused():
    with pytest.raises(ValueError, match="got -1"):
        cast(-1)


def test_an_unknown_accessory_is_named_too():
    with pytest.raises(ValueError, match=r"accessories is 'jetpack'.*glasses"):
        check(replace(cast(1)[0], accessories=("glasses", "jetpack")))
