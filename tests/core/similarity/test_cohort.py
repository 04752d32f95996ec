"""What a face needs beyond the threshold: six tenths of what it looks more like strangers than usual."""

import numpy as np
import pytest

from core.similarity import cohort as c
from core.similarity.cohort import Cohort, beyond
from core.similarity.prototypes import l2_normalize

X, Y, Z = np.eye(3, dtype=np.float32)
STRANGERS = np.stack([X, X, Y, -Y])


def test_the_level_is_the_mean_of_the_nearest_and_six_tenths_of_its_excess_is_needed(monkeypatch):
    """Levels by two: X has 1 and 0 beside itself, Y and -Y have 0 and 0; their mean is (.5 + .5 + 0 + 0) / 4 = .25."""
    monkeypatch.setattr(c, "NEAREST", 2)
    found = Cohort.of(STRANGERS)
    assert found.usual == pytest.approx(0.25)
    assert found.own == pytest.approx([0.15, 0.15, -0.15, -0.15])
    assert found.beyond(np.stack([X, Y, Z, l2_normalize(X + Y)])) == pytest.approx(
        [0.6 * (1 - 0.25), 0.6 * (0.5 - 0.25), 0.6 * (0 - 0.25), 0.6 * (0.5**0.5 - 0.25)]
    )


def test_of_fewer_strangers_all_count_but_for_the_face_itself():
    """X: (1 + 0 + 0) / 3, Y and -Y: (0 + 0 - 1) / 3; of the other faces all four."""
    found = Cohort.of(STRANGERS)
    assert found.usual == pytest.approx(0)
    assert found.own == pytest.approx([0.2, 0.2, -0.2, -0.2])
    assert found.beyond(np.stack([X, Y])) == pytest.approx([0.3, 0])


def test_parts_that_fit_into_memory_change_nothing(monkeypatch):
    rng = np.random.default_rng(0)
    faces, asked = (l2_normalize(rng.normal(size=(n, 8)).astype(np.float32)) for n in (130, 7))
    whole = Cohort.of(faces)
    monkeypatch.setattr(c, "CHUNK", 3)
    parts = Cohort.of(faces)
    assert parts.own == pytest.approx(whole.own, abs=1e-6)
    assert parts.beyond(asked) == pytest.approx(whole.beyond(asked), abs=1e-6)
    assert parts.beyond(asked[:0]).shape == (0,)
    assert whole.own.mean() == pytest.approx(0, abs=1e-6), "the strangers themselves need what is usual"
    similarity = np.sort(asked[0] @ faces.T)[-50:].mean()
    assert whole.beyond(asked[:1]) == pytest.approx([0.6 * (similarity - whole.usual)], abs=1e-6)


def test_without_strangers_every_face_needs_the_same():
    assert beyond(np.stack([X, Y]), None).tolist() == [0, 0]
    assert beyond(np.stack([X, Y]), Cohort.of(STRANGERS)) == pytest.approx([0.3, 0])
