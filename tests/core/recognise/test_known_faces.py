import numpy as np
import pytest

from core.recognise.known_faces import WRONG, known_verdicts
from core.recognise.threshold import Scores, Threshold, leave_one_out
from core.recognise.verdict import MATCH, UNKNOWN, UNSURE, Candidate, decide_verdict
from core.similarity.cohort import Cohort
from core.similarity.scorer import CharacterScorer


def threshold(match: float, unsure: float, margin: float = 0.0) -> Threshold:
    return Threshold(match, unsure, margin, 0.01, "", leave_one_out(np.empty((0, 2), np.float32), []))


def unit(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_a_face_among_its_own_is_right_and_one_among_others_is_wrong():
    found = known_verdicts(unit(0, 2, 4, 180, 182, 184, 1), [*"aaabbbb"], threshold(0.5, 0.4))
    assert found == [MATCH] * 6 + [WRONG]


def test_without_others_of_its_character_a_face_is_judged_by_the_rest():
    assert known_verdicts(unit(0), ["a"], threshold(0.5, 0.4)) == [UNKNOWN]
    assert known_verdicts(np.empty((0, 2), np.float32), [], threshold(0.5, 0.4)) == []


@pytest.mark.parametrize("margin", [0.0, 0.2])
def test_the_verdicts_are_those_of_the_recogniser_s_rules(margin):
    random = np.random.default_rng(0)
    vectors = random.normal(size=(60, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = [f"c{i % 4}" for i in range(60)]
    asked = threshold(0.7, 0.5, margin)
    similarity, owner = CharacterScorer.of(vectors, labels).leave_one_out()
    expected = []
    for row, own in zip(similarity, owner, strict=True):
        best, second = np.argsort(-row)[:2]
        ranked = Candidate(str(best), float(row[best])), Candidate(str(second), float(row[second]))
        verdict, _ = decide_verdict(ranked, asked)
        expected.append({"match": MATCH if best == own else WRONG, "unsure": UNSURE, "unknown": UNKNOWN}[verdict])
    assert known_verdicts(vectors, labels, asked) == expected
    assert set(expected) == {MATCH, WRONG, UNSURE, UNKNOWN}


def test_a_known_face_that_looks_like_strangers_needs_more():
    """A stranger at 0 degrees, a usual level of 0: the faces there need 0.6 more than the threshold of 0.6."""
    cohort = Cohort(unit(0), np.zeros(1, np.float32), 0.0)
    scores = Scores(*[np.empty(0, np.float32)] * 4, cohort=cohort)
    asked = Threshold(0.6, 0.2, 0.0, 0.01, "", scores)
    assert known_verdicts(unit(0, 2, 4, 90, 92, 94), [*"aaabbb"], asked) == [UNSURE] * 3 + [MATCH] * 3
