from __future__ import annotations

import numpy as np
import pytest

from recipes.encoder.few_shot import equal_error_rate, few_shot


def on_circle(degrees: list[float]) -> np.ndarray:
    angles = np.deg2rad(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32)


def test_separate_characters_are_all_known():
    vectors = on_circle([0, 1, 2, 90, 91, 92])
    result = few_shot(vectors, np.array([0, 0, 0, 1, 1, 1]), shots=2)
    assert (result.characters, result.faces, result.top1, result.eer) == (2, 6, 1.0, 0.0)


def test_characters_with_too_few_faces_only_count_in_the_pairs():
    vectors = on_circle([0, 1, 2, 90, 91, 92, 180, 181])
    result = few_shot(vectors, np.array([0, 0, 0, 1, 1, 1, 2, 2]), shots=2)
    assert (result.characters, result.faces) == (2, 8)


def test_equal_error_rate_of_overlapping_scores():
    # pairs: genuine 0-1 (0 degrees), 2-3 (60); impostor 0-2, 1-2 (30), 0-3, 1-3 (90): one of two genuine pairs lies
    # below half of the impostors
    rate = equal_error_rate(on_circle([0, 0, 30, 90]), np.array([0, 0, 1, 1]))
    assert rate == pytest.approx(0.5, abs=0.01)


def test_without_two_characters_there_is_no_rate():
    assert np.isnan(equal_error_rate(on_circle([0, 1]), np.array([0, 0])))
