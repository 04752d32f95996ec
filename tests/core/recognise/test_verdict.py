"""Match, unsure or unknown."""

import json

import numpy as np
import pytest

from core.errors import DataError
from core.recognise.gallery import Gallery
from core.recognise.threshold import Scores, Threshold
from core.recognise.verdict import Candidate, Identification, answer, decide_verdict, one_name_each
from core.similarity.cohort import Cohort
from core.similarity.prototypes import l2_normalize

X, Y, Z = np.eye(3, dtype=np.float32)
NOTHING = Scores(*[np.array([])] * 4)
RULE = Threshold(match=0.6, unsure=0.5, margin=0.1, far=0.01, note="", scores=NOTHING)


@pytest.mark.parametrize(
    ("similarities", "verdict"),
    [
        ((0.7, 0.5), "match"),
        ((0.7, 0.65), "unsure"),
        ((0.55, 0.2), "unsure"),
        ((0.4, 0.1), "unknown"),
        ((0.7,), "match"),
    ],
)
def test_threshold_and_lead_decide(similarities, verdict):
    ranked = tuple(Candidate(name, s) for name, s in zip("ab", similarities, strict=False))
    assert decide_verdict(ranked, RULE)[0] == verdict


@pytest.mark.parametrize(
    ("similarities", "verdict"),
    [((0.6, 0.5), "match"), ((0.5999, 0.1), "unsure"), ((0.5, 0.1), "unsure"), ((0.4999, 0.1), "unknown")],
)
def test_a_similarity_of_exactly_the_threshold_reaches_it(similarities, verdict):
    ranked = tuple(Candidate(name, s) for name, s in zip("ab", similarities, strict=True))
    rule = Threshold(match=0.6, unsure=0.5, margin=0.6 - 0.5, far=0.01, note="", scores=NOTHING)
    assert decide_verdict(ranked, rule)[0] == verdict


def test_an_answer_brings_candidates_and_the_faces_that_speak_for_them():
    gallery = Gallery(np.stack([X, l2_normalize(X + 0.2 * Y), Y]), ("x", "x", "y"), ("1", "2", "3"), "e")
    (found,) = answer(X, gallery, RULE, candidates=2, evidence=2)
    assert (found.verdict, found.character) == ("match", "x")
    assert [c.character for c in found.candidates] == ["x", "y"]
    assert [e.face for e in found.evidence] == ["1", "2"]
    assert found.evidence[0].similarity == pytest.approx(1)


def test_a_stranger_gets_no_name_but_sees_the_nearest():
    gallery = Gallery(np.stack([X, Y]), ("x", "y"), ("1", "2"), "e")
    (found,) = answer(Z[None], gallery, RULE)
    assert (found.verdict, found.character) == ("unknown", None)
    assert len(found.candidates) == 2
    document = json.loads(json.dumps(found.as_dict()))
    assert {"verdict", "character", "similarity", "candidates", "probability"} <= set(document)
    assert document["probability"] is None, "a rule without strangers' scores cannot tell"
    assert set(document["candidates"][0]) == {"character", "similarity"}


def test_nobody_enrolled_is_said():
    with pytest.raises(DataError, match="Nobody is enrolled"):
        answer(X, Gallery.empty("e", 3), RULE)


def test_no_queries_give_no_answers():
    assert answer(np.empty((0, 3)), Gallery(X[None], ("x",), ("1",), "e"), RULE) == []


def test_an_answer_tells_how_probable_its_name_is():
    impostor = np.linspace(-0.2, 0.2, 50).astype(np.float32)
    rule = Threshold(0.6, 0.5, 0.1, 0.01, "", Scores(np.array([0.9] * 20), impostor, np.array([]), np.array([], bool)))
    gallery = Gallery(np.stack([X, X, Y, Y]), ("x", "x", "y", "y"), ("1", "2", "3", "4"), "e")
    same, between, other = answer(np.stack([X, l2_normalize(X + Y), Z]), gallery, rule)
    assert same.probability > 0.99
    assert same.probability > between.probability > other.probability
    assert other.probability < 0.05
    assert same.as_dict()["probability"] == round(same.probability, 4)


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        (["match", "match"], ["unsure", "match"]),
        (["match", "unsure"], ["match", "unsure"]),
        (["unknown", "match"], ["unknown", "match"]),
        (["unsure", "unsure"], ["unsure", "unsure"]),
    ],
)
def test_only_matches_compete_for_a_name(verdicts, told):
    names = [None if verdict == "unknown" else "x" for verdict in verdicts]
    similar = [Identification(verdicts[i], names[i], (0.7, 0.8)[i], (), (), "") for i in range(2)]
    assert [one.verdict for one in one_name_each(similar)] == told


def test_of_two_equal_matches_the_first_keeps_the_name():
    equal = [Identification("match", "x", 0.7, (), (), "")] * 2
    assert [one.verdict for one in one_name_each(equal)] == ["match", "unsure"]
    assert one_name_each(equal)[1].reason == "another face on this picture is more like x (0.70)"


def test_a_similarity_just_under_the_threshold_tells_both_numbers():
    reasons = [
        decide_verdict((Candidate("a", best), Candidate("b", second)), RULE)[1]
        for best, second in ((0.7, 0.5), (0.7, 0.65), (0.55, 0.2), (0.4, 0.1))
    ]
    assert reasons == [
        "similarity 0.70, a match needs 0.60",
        "b is almost as near: ahead by 0.05, a match needs 0.10",
        "near, but not near enough: similarity 0.55, a match needs 0.60",
        "no enrolled character is similar enough: similarity 0.40, a guess needs 0.50",
    ]


def test_a_lead_of_exactly_the_margin_is_enough():
    rule = Threshold(match=0.5, unsure=0.25, margin=0.25, far=0.01, note="", scores=NOTHING)
    ranked = (Candidate("a", 0.75), Candidate("b", 0.5))
    assert decide_verdict(ranked, rule)[0] == "match"


def test_one_candidate_is_shown_where_one_is_asked_for_and_two_are_compared_all_the_same():
    gallery = Gallery(np.stack([X, l2_normalize(X + 0.1 * Y)]), ("x", "y"), ("1", "2"), "e")
    (found,) = answer(X, gallery, RULE, candidates=1, evidence=1)
    assert found.verdict == "unsure"
    assert (len(found.candidates), len(found.evidence)) == (1, 1)


def test_the_json_form_is_rounded_to_ten_thousandths():
    one = Identification("match", "x", 0.123456, (Candidate("x", 0.123456),), (), "", 0.987654, "Eva")
    told = one.as_dict()
    assert (told["similarity"], told["probability"], told["series"]) == (0.1235, 0.9877, "Eva")
    assert told["candidates"] == [{"character": "x", "similarity": 0.1235}]


def test_a_match_of_lower_similarity_loses_its_probability_and_the_best_keeps_its_own():
    faces = [Identification("match", "x", s, (), (), "", 0.9) for s in (0.7, 0.9, 0.8)]
    told = one_name_each(faces)
    assert [(one.verdict, one.probability) for one in told] == [("unsure", None), ("match", 0.9), ("unsure", None)]
    assert told[2].reason == "another face on this picture is more like x (0.90)"


def test_a_name_without_a_second_is_as_probable_as_one_whose_second_is_the_opposite():
    """A similarity is never under -1."""
    impostor = np.linspace(-0.2, 0.2, 50).astype(np.float32)
    rule = Threshold(0.6, 0.5, 0.1, 0.01, "", Scores(np.array([0.9] * 20), impostor, np.array([]), np.array([], bool)))
    (found,) = answer(X, Gallery(np.stack([X, X]), ("x", "x"), ("1", "2"), "e"), rule)
    assert found.probability == float(rule.probability(np.array(found.similarity), np.array(found.similarity + 1)))


NOBODY = "no enrolled character is similar enough"
MANY = "this face looks like many strangers and needs {} more than most"
FEW = "this face looks like few strangers and needs {} less than most"


@pytest.mark.parametrize(
    ("best", "beyond", "verdict", "reason", "why"),
    [
        (0.7, 0.2, "unsure", "near, but not near enough: similarity 0.70, a match needs 0.80", MANY.format("0.20")),
        (
            0.7,
            0.3,
            "unknown",
            "no enrolled character is similar enough: similarity 0.70, a guess needs 0.80",
            MANY.format("0.30"),
        ),
        (0.5, -0.2, "match", "similarity 0.50, a match needs 0.40", FEW.format("0.20")),
        (0.45, -0.1, "unsure", "near, but not near enough: similarity 0.45, a match needs 0.50", FEW.format("0.10")),
        (0.9, 0.2, "match", "similarity 0.90, a match needs 0.80", ""),
        (0.4, 0.2, "unknown", "no enrolled character is similar enough: similarity 0.40, a guess needs 0.70", ""),
        (0.602, 0.004, "unsure", "near, but not near enough: similarity 0.60, a match needs 0.60", ""),
        (0.602, 0.005, "unsure", "near, but not near enough: similarity 0.60, a match needs 0.60", MANY.format("0.01")),
    ],
)
def test_a_face_that_looks_like_many_strangers_needs_more_and_the_reason_says_so_where_it_decides(
    best, beyond, verdict, reason, why
):
    ranked = (Candidate("a", best), Candidate("b", 0.1))
    assert decide_verdict(ranked, RULE, beyond) == (verdict, "; ".join(filter(None, (reason, why))))


def test_an_answer_tells_what_this_face_needed_and_its_probability_is_that_of_what_is_beyond():
    """X is a stranger's face and Y is none: of a usual level of 0.5, X needs 0.3 more and Y 0.3 less."""
    cohort = Cohort(X[None], np.zeros(1, np.float32), 0.5)
    impostor = np.linspace(-0.2, 0.2, 50).astype(np.float32)
    scores = Scores(np.array([0.9] * 20), impostor, np.array([]), np.array([], bool), cohort=cohort)
    rule = Threshold(0.6, 0.5, 0.1, 0.01, "", scores)
    gallery = Gallery(np.stack([X, X, Y, Y]), ("x", "x", "y", "y"), ("1", "2", "3", "4"), "e")
    x, y = answer(np.stack([X, Y]), gallery, rule)
    assert (x.similarity, y.similarity) == pytest.approx((1, 1)), "what is shown stays the similarity"
    assert (x.needed, y.needed) == pytest.approx((0.9, 0.3))
    assert (x.guessed_from, y.guessed_from) == pytest.approx((0.8, 0.2))
    lead = x.similarity - x.candidates[1].similarity
    assert x.probability == pytest.approx(float(rule.probability(np.array(0.7), np.array(lead))), abs=1e-4)
    assert x.as_dict()["needed"] == pytest.approx(0.9)
    assert Identification("unknown", None, 0.0, (), (), "").as_dict()["needed"] is None
