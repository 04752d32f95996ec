"""The growing index of looks."""

from __future__ import annotations

import cv2
import numpy as np

from core.collect.near import NearIndex, same_picture
from core.imaging.hashes import distance, perceptual
from core.imaging.reading import encode_jpeg, read_picture


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
        assert index.within(asked)[:1] == ([(best, bits)] if bits <= 6 else [])


def test_the_nearest_wins_and_the_earliest_of_equals():
    index = NearIndex(limit=3)
    for item, value in enumerate((0b0111, 0b0001, 0b1000)):
        index.add(value, item)
    assert index.within(0) == [(1, 1), (2, 1), (0, 3)]
    assert index.within(0xFF00) == []
    assert NearIndex().within(5) == []


def figure(hair, coat) -> np.ndarray:
    """A figure on white in one pose; two of them differ in colours only."""
    rgb = np.full((300, 200, 3), 255, np.uint8)
    cv2.rectangle(rgb, (60, 110), (140, 290), coat, -1)
    cv2.circle(rgb, (100, 70), 42, hair, -1)
    cv2.circle(rgb, (100, 80), 30, (240, 210, 190), -1)
    return rgb


def test_two_figures_in_one_pose_are_two_pictures_though_their_hashes_agree():
    blue, red = figure((60, 80, 200), (40, 40, 60)), figure((120, 60, 160), (60, 40, 40))
    assert distance(perceptual(blue), perceptual(red)) <= 6
    assert not same_picture(blue, red)


def test_a_picture_saved_again_or_scaled_is_the_same():
    blue = figure((60, 80, 200), (40, 40, 60))
    assert same_picture(blue, read_picture(encode_jpeg(blue, 60)))
    assert same_picture(blue, cv2.resize(blue, (100, 150), interpolation=cv2.INTER_AREA))
