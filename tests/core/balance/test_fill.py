"""N faces a character: the article's defects do not come back."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from core.balance.fill import augment, choose_copies, copy_path
from tests.conftest import noise


def test_more_copies_than_faces_go_round_evenly():
    # random.sample(3 faces, 29) raises in the article
    times = Counter(choose_copies([1, 2, 3], 32, np.random.default_rng(0)))
    assert sum(times.values()) == 29
    assert set(times.values()) == {9, 10}


def test_enough_faces_get_no_copies():
    assert choose_copies([1, 2, 3], 3, np.random.default_rng(0)) == []
    assert choose_copies([1, 2, 3], 2, np.random.default_rng(0)) == []
    assert choose_copies([], 3, np.random.default_rng(0)) == []
    assert len(choose_copies([1, 2, 3], 4, np.random.default_rng(0))) == 1


def test_names_keep_their_dots_and_never_collide():
    # the article cuts a name at its first dot: a.b.jpg and a.c.jpg both became a_balancing.jpg
    taken: set[str] = set()
    paths = []
    for path in ("faces/R/a.b.jpg", "faces/R/a.c.jpg", "faces/R/a.b.jpg"):
        paths.append(copy_path(path, taken))
        taken.add(paths[-1].casefold())
    assert paths == ["faces/R/a.b_balancing.jpg", "faces/R/a.c_balancing.jpg", "faces/R/a.b_balancing_2.jpg"]


def test_augmented_faces_keep_their_hue_and_size():
    red = np.zeros((60, 60, 3), np.uint8)
    red[..., 0] = 180
    turned = augment(red, np.random.default_rng(3))
    assert turned.shape == red.shape
    assert turned[..., 0].mean() > turned[..., 1].mean() + 100
    assert not np.array_equal(augment(noise(1), np.random.default_rng(0)), noise(1))


class Ends:
    """A generator whose draws are the ends of their ranges."""

    def __init__(self, high: bool, mirrored: bool = False):
        self.high, self.mirrored = high, mirrored
        self.ranges: list[tuple[float, float]] = []

    def random(self) -> float:
        return 0.49 if self.mirrored else 0.5

    def uniform(self, low: float, high: float) -> float:
        self.ranges.append((low, high))
        return high if self.high else low


@pytest.mark.parametrize(("high", "grey"), [(True, 133), (False, 67)])
def test_light_and_contrast_change_by_so_much_and_no_more(high, grey):
    """100 x 1.15 + 18 = 133 and 100 x 0.85 - 18 = 67."""
    assert (augment(np.full((20, 20, 3), 100, np.uint8), Ends(high)) == grey).all()


def test_half_of_the_faces_are_mirrored():
    face = noise(1, 41, 41)
    plain, mirrored = augment(face, Ends(True)), augment(face[:, ::-1], Ends(True, mirrored=True))
    assert np.array_equal(plain, mirrored)
    assert not np.array_equal(plain, augment(face, Ends(True, mirrored=True)))


def test_a_copy_is_turned_by_ten_degrees_and_is_a_tenth_larger_at_most():
    draws = Ends(True)
    augment(noise(1), draws)
    assert draws.ranges == [(-10, 10), (1.0, 1.1), (0.85, 1.15), (-18, 18)]


def test_a_face_is_turned_about_its_middle():
    face = np.zeros((41, 61, 3), np.uint8)
    face[19:22, 29:32] = 255
    rows, columns = np.nonzero(augment(face, Ends(True))[..., 0] > 150)
    assert (rows.mean(), columns.mean()) == pytest.approx((20, 30), abs=1)
