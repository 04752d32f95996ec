import numpy as np
import pytest

from core.similarity.likelihood import (
    NO_ANSWERS,
    RIDGE,
    STRANGERS,
    _rank,
    _ridge,
    _vote,
    likelihoods,
    strangeness_of,
)
from core.similarity.neighbours import nearest_neighbours


def fan(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def judged(vectors, owner, *, k: int = 3, **options):
    owner = np.asarray(owner)
    return likelihoods(vectors, owner, int(owner.max()) + 1, neighbours=nearest_neighbours(vectors, k), **options)


def test_similarity_is_half_the_mean_and_half_the_nearest_face():
    """The character's faces lie at 0 and 60 degrees, their mean at 30; the face at 90: cosines 0.866 and 0.5."""
    found = judged(fan(0, 60, 90), [0, 0, -1])
    assert found.similarity[0, 0] == pytest.approx((np.cos(np.radians(30)) + 0.5) / 2, abs=1e-5)


def test_the_nearer_character_is_the_likelier_one():
    found = judged(fan(0, 2, 90, 92, 10), [0, 0, 1, 1, -1])
    place, p = found.best()
    assert place.tolist() == [0]
    assert p[0] > 0.8 > 0.2 > found.probability[0, 1]


def test_the_ridge_regression_learns_one_named_face_up_to_its_penalty():
    """A face like the only named one: kernel 1, so 1 / (1 + penalty). Opposite to it: e^-4 of that."""
    vectors, owner = fan(0, 0, 180), np.array([0, -1, -1])
    found = _ridge(vectors, owner, np.array([1, 2]), 1)
    assert found[:, 0] == pytest.approx([1 / (1 + RIDGE), np.exp(-4) / (1 + RIDGE)], abs=1e-5)


def test_the_ridge_regression_asks_as_many_of_each_when_there_are_too_many(monkeypatch):
    """Of four faces of one character and one of another, with room for two, one of each."""
    monkeypatch.setattr("core.similarity.likelihood.REFERENCES", 2)
    vectors, owner = fan(0, 0, 0, 0, 180, 180), np.array([0, 0, 0, 0, 1, -1])
    assert _rank(owner[:5]).tolist() == [0, 1, 2, 3, 0]
    assert _ridge(vectors, owner, np.array([5]), 2)[0].argmax() == 1


def test_the_vote_weighs_neighbours_by_the_cube_of_their_similarity():
    """Neighbours at 0 (character 0) and 60 degrees (nobody yet): 1 / (1 + 1/8)."""
    vectors, owner = fan(0, 0, 60), np.array([0, -1, -1])
    vote = _vote(nearest_neighbours(vectors, 2), owner, np.array([1]), 1)
    assert vote[0, 0] == pytest.approx(1 / (1 + 1 / 8), abs=1e-4)


def test_where_nobody_is_near_the_nearest_has_hardly_a_vote():
    """At 80 degrees from the only other face: cos 80 cubed is 0.005, of the 0.2 that a full vote takes 3 %."""
    vectors, owner = fan(0, 80), np.array([0, -1])
    assert _vote(nearest_neighbours(vectors, 1), owner, np.array([1]), 1)[0, 0] == pytest.approx(0.026, abs=1e-3)


def test_a_stranger_in_a_small_workspace_is_not_taken_for_its_only_character():
    found = judged(fan(0, 5, 80), [0, 0, -1])
    assert found.probability[0, 0] < 0.15


def test_a_face_of_a_group_is_judged_by_the_group_as_well():
    vectors, owner = fan(0, 0, 30, 10, 10), [0, 0, -1, -1, -1]
    alone, grouped = judged(vectors, owner), judged(vectors, owner, groups=[(2, 3, 4)])
    assert grouped.similarity[0, 0] > alone.similarity[0, 0]
    assert grouped.similarity[1, 0] < alone.similarity[1, 0]
    assert grouped.similarity.mean() == pytest.approx(alone.similarity.mean(), abs=1e-6)


def test_ignored_faces_near_by_speak_against():
    near = judged(fan(0, 0, 20, 22), [0, 0, -1, -2])
    far = judged(fan(0, 0, 20, 200), [0, 0, -1, -2])
    assert near.probability[0, 0] < far.probability[0, 0]


def test_a_character_without_a_face_to_compare_with_is_like_nobody():
    found = likelihoods(fan(0, 2), np.array([0, -1]), 2, neighbours=nearest_neighbours(fan(0, 2), 1))
    assert found.similarity[0].tolist() == pytest.approx([np.cos(np.radians(2)), -1], abs=1e-5)
    assert found.candidates(1, 5) == (0, 1)


def test_denied_is_impossible():
    found = judged(fan(0, 0, 2), [0, 0, -1], denied={(2, 0)})
    assert (found.probability[0, 0], found.similarity[0, 0]) == (0, -np.inf)


def test_answers_better_than_expected_make_bolder_and_worse_ones_more_careful():
    vectors, owner = fan(0, 0, 40), [0, 0, -1]
    plain = judged(vectors, owner).probability[0, 0]
    assert judged(vectors, owner, answers=(6.0, 6.0)).probability[0, 0] > plain
    assert judged(vectors, owner, answers=(-6.0, 6.0)).probability[0, 0] < plain


def test_what_answers_teach_is_the_difference_from_what_was_expected():
    found = judged(fan(0, 0, 40, 41), [0, 0, -1, -1])
    p, q = found.probability[:, 0]
    surplus, weight = found.learned(np.array([2]), np.array([3]), 0, NO_ANSWERS)
    assert surplus == pytest.approx((1 - p) - q)
    assert weight == pytest.approx(p * (1 - p) + q * (1 - q))
    assert found.learned(np.array([2]), np.array([], int), 5, NO_ANSWERS) == NO_ANSWERS


def test_without_characters_nothing_is_likely():
    found = likelihoods(fan(0, 1), np.array([-1, -1]), 0, neighbours=nearest_neighbours(fan(0, 1), 1))
    assert [values.tolist() for values in found.best()] == [[-1, -1], [0, 0]]


def test_an_ignored_face_on_the_other_side_changes_hardly_anything():
    vectors, owner = fan(0, 20, 200), [0, -1, -2]
    without = judged(vectors[:2], owner[:2], k=1)
    assert judged(vectors, owner, k=1).probability[0, 0] == pytest.approx(without.probability[0, 0], abs=0.02)


def test_what_is_denied_beyond_the_characters_or_of_a_named_face_is_passed_over():
    found = judged(fan(0, 2), [0, -1], k=1, denied={(1, 5), (0, 0)})
    assert found.probability[0, 0] > 0


def test_the_mean_of_few_answers_moves_little_and_never_far():
    from core.similarity.likelihood import MOST_SHIFT, PRIOR, _shift

    assert _shift(NO_ANSWERS) == 0
    assert _shift((1.0, 1.0)) == pytest.approx(1 / (1 + PRIOR))
    assert (_shift((1e6, 1.0)), _shift((-1e6, 1.0))) == (MOST_SHIFT, -MOST_SHIFT)


def test_a_face_near_strangers_is_less_likely_and_one_far_from_them_more():
    """Two faces as near to the character: by so much more strangeness as the weight takes, one logit."""
    vectors, owner = fan(0, 20, 20), [0, -1, -1]
    as_usual = judged(vectors, owner).probability[:, 0]
    more = np.array([0, 1 / STRANGERS, 0], np.float32)
    found = judged(vectors, owner, strangeness=more).probability[:, 0]
    assert found[1] == pytest.approx(as_usual[1], abs=1e-6)
    logits = np.log(found / (1 - found))
    assert logits[1] - logits[0] == pytest.approx(1, abs=1e-4)


def test_a_group_shares_half_of_its_strangeness():
    vectors, owner = fan(0, 20, 20), [0, -1, -1]
    apart = np.array([0, 2 / STRANGERS, 0], np.float32)
    found = judged(vectors, owner, strangeness=apart, groups=[(1, 2)]).probability[:, 0]
    logits = np.log(found / (1 - found))
    assert logits[1] - logits[0] == pytest.approx(1, abs=1e-4)


def test_the_strangers_that_count_are_the_ten_nearest():
    """Twelve in the face's own direction, one opposite: 1. Of two only, both: the mean of 1 and -1."""
    assert strangeness_of(fan(0), fan(*[0] * 12, 180)).tolist() == pytest.approx([1])
    assert strangeness_of(fan(0), fan(0, 180)).tolist() == pytest.approx([0], abs=1e-6)
