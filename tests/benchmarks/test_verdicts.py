"""The benchmark's verdicts are the product's, and its halves are what the table says."""

import numpy as np
import pytest

from benchmarks import verdicts as v
from benchmarks.verdict_faces import MeasuredFaces
from core.recognise.gallery import Gallery
from core.recognise.impostors import Bank
from core.recognise.threshold import choose_threshold, gallery_scores
from core.recognise.verdict import MATCH, UNSURE, answer
from core.similarity.prototypes import l2_normalize


@pytest.fixture
def faces():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(12), 8)
    vectors = l2_normalize(rng.normal(size=(12, 24))[labels] + 0.7 * rng.normal(size=(96, 24)))
    return MeasuredFaces(vectors, np.array([f"game/{k:02d}" for k in labels]), vectors[:0], labels[:0])


SETTING = v.Setting("game", ("game",), 3, 8)


def test_half_of_a_cast_is_enrolled_and_nobody_of_it_is_a_stranger(faces):
    for half in v.halves(faces, SETTING, 3):
        enrolled, strangers = set(faces.names[half.enrolled]), set(faces.names[half.strangers])
        assert len(half.enrolled) == 4 * 3
        assert len(half.known) == 4 * 5
        assert set(faces.names[half.known]) == enrolled
        assert not enrolled & strangers
        assert not set(half.enrolled) & set(half.known)


def test_its_verdicts_are_those_of_answer(faces):
    bank = l2_normalize(np.random.default_rng(1).normal(size=(300, 24)))
    half = next(v.halves(faces, SETTING, 1))
    tally = v.Tally(*([] for _ in range(8)))
    v.ask(faces, half, Bank(bank), {0.05: tally})
    names = faces.names[half.enrolled]
    gallery = Gallery(faces.vectors[half.enrolled], tuple(names), tuple(map(str, half.enrolled)), "dev")
    threshold = choose_threshold(gallery_scores(gallery, None, Bank(bank)), 0.05)
    found = answer(faces.vectors[np.concatenate([half.known, half.strangers])], gallery, threshold)
    assert [one.verdict == MATCH for one in found] == tally.column("named").tolist()
    assert [one.verdict == UNSURE for one in found] == tally.column("unsure").tolist()
    assert [one.probability for one in found] == pytest.approx(tally.column("probability").tolist(), abs=1e-4)
