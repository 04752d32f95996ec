"""The growing index of looks."""

from __future__ import annotations

import numpy as np

from core.collect.near import NearIndex
from core.imaging.hashes import distance


def test_it_finds_what_comparing_with_all_finds():
    rng = np.random.default_rng(0)
    values = [int(v) for v in rng.integers(0, 2**63, 3000)]
    index = NearIndex()
    for item, value in enumerate(values):
        index.add(value, item)
    for item in range(0, 3000, 10):
        flips = rng.choice(64, int(rng.integers(0, 10)), replace=False)
        asked = values[item] ^ sum(1 << int(b) for b in flips)
        best = min(range(3000), key=lambda i: (distance(values[i], asked), i))
        bits = distance(values[best], asked)
        assert index.nearest(asked) == ((best, bits) if bits <= 6 else None)


def test_the_nearest_wins_and_the_earliest_of_equals():
    index = NearIndex(limit=3)
    for item, value in enumerate((0b0111, 0b0001, 0b1000)):
        index.add(value, item)
    assert index.nearest(0) == (1, 1)
    assert index.nearest(0xFF00) is None
    assert NearIndex().nearest(5) is None
