"""Near-duplicates: found without comparing all with all, and none missed."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import pytest

from core.imaging.hashes import distance, groups, near_pairs, perceptual
from tests.conftest import noise


def test_banded_search_finds_exactly_what_all_pairs_find():
    rng = np.random.default_rng(0)
    hashes = [int(v) for v in rng.integers(0, 2**63, 300)]
    for i in range(60):  # near ones: up to 8 flipped bits
        h = hashes[i]
        for bit in rng.choice(64, rng.integers(0, 9), replace=False):
            h ^= 1 << int(bit)
        hashes.append(h)
    everything = [(i, j) for i in range(len(hashes)) for j in range(i + 1, len(hashes))]
    assert near_pairs(hashes) == [(i, j) for i, j in everything if distance(hashes[i], hashes[j]) <= 6]


def test_a_scaled_and_resaved_picture_is_near_another_is_not():
    picture = noise(1, 200, 300)
    _, data = cv2.imencode(".jpg", cv2.resize(picture, (150, 100)), [cv2.IMWRITE_JPEG_QUALITY, 60])
    again = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert distance(perceptual(picture), perceptual(again)) <= 6
    assert distance(perceptual(picture), perceptual(noise(2, 200, 300))) > 6


def test_groups_join_chains():
    assert groups(5, [(3, 4), (1, 3)]) == [0, 1, 2, 1, 1]


def test_each_pair_of_bands_is_searched():
    """Two hashes that differ in one bit of every band but two agree in those two alone."""
    starts, limit = (0, 12, 25, 38, 51), 3  # five bands of 64 bits
    for alike in combinations(range(5), 2):
        other = sum(1 << start for band, start in enumerate(starts) if band not in alike)
        assert near_pairs([0, other], limit) == [(0, 1)], f"bands {alike}"
        assert near_pairs([0, other], limit - 1) == []


@pytest.mark.parametrize("limit", [0, 1, 16, 17, 40, 64])
def test_every_limit_finds_what_all_pairs_find(limit):
    rng = np.random.default_rng(limit)
    hashes = [int(v) for v in rng.integers(0, 2**64, 40, np.uint64)] + [5, 5, 4]
    everything = combinations(range(len(hashes)), 2)
    assert near_pairs(hashes, limit) == [(i, j) for i, j in everything if distance(hashes[i], hashes[j]) <= limit]


def test_many_that_are_the_same_are_all_pairs_and_one_alone_is_none():
    assert near_pairs([7] * 20) == list(combinations(range(20), 2))
    assert near_pairs([7]) == near_pairs([]) == []
