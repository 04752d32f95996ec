"""Where strangers lie: a bank of faces, moved to the gallery's style."""

import doctest

import numpy as np
import pytest

from core.similarity import calibration as c
from core.similarity.cohort import Cohort
from core.similarity.prototypes import l2_normalize
from core.similarity.scorer import CharacterScorer

DIM = 48


def faces(seed, characters, each, *, style=None, spread=0.4):
    """Unit faces (n, d) of drawn characters and their names; a style pulls all of them the same way."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(characters, DIM)) + (0 if style is None else style)
    labels = np.repeat(np.arange(characters), each)
    return l2_normalize(centres[labels] + spread * rng.normal(size=(len(labels), DIM))), [f"{seed}-{k}" for k in labels]


BANK = faces(1, 1500, 1)[0]
STYLE = np.random.default_rng(9).normal(size=DIM) * 0.8


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(c, optionflags=doctest.ELLIPSIS).failed == 0


def test_an_offset_is_the_mean_of_what_is_measured_and_four_times_the_usual():
    offset, uncertainty = c.shrunk_offset(np.array([0.17] * 12))
    assert offset == pytest.approx((12 * 0.17 + 4 * 0.07) / 16)
    assert uncertainty == pytest.approx(0.1 / 4)
    assert c.shrunk_offset(np.empty(0)) == pytest.approx((0.07, 0.05))


def test_ten_faces_of_held_out_strangers_count_as_two_characters():
    offset, _ = c.shrunk_offset(np.array([0.07, 0.47]), np.array([2.0, 2.0]))
    assert offset == pytest.approx((2 * 0.07 + 2 * 0.47 + 4 * 0.07) / 8)


def test_scores_are_moved_and_spread_by_what_is_uncertain():
    found = c.moved(np.array([-0.3, 0.3]), 0.1, 0.4)
    assert found == pytest.approx([0.1 - 0.5, 0.1 + 0.5])
    assert c.moved(np.array([-0.3, 0.3]), 0.1, 0.0) == pytest.approx([-0.2, 0.4])
    assert c.moved(np.array([0.9, 0.95]), 0.2, 0.0).max() == 1


def test_a_face_of_the_bank_that_is_enrolled_is_recognised_by_nearness_or_by_its_lead():
    near, leads, nothing = [0.76, 0.74, 0.1], [0.5, 0.41, 0.1], [0.5, 0.43, 0.1]
    for similarities, expected in ((near, True), (leads, True), (nothing, False)):
        found = c.resembling(np.array(similarities)[:, None])
        assert found.tolist() == [expected, False, False]


def test_enrolled_characters_in_the_bank_do_not_raise_the_threshold():
    enrolled, names = faces(2, 30, 4)
    rest = np.flatnonzero(np.arange(len(names)) % 4 != 3)
    with_them = np.concatenate([BANK, enrolled[3::4]])
    labels = [names[i] for i in rest]
    plain, crowded = (c.stranger_scores(enrolled[rest], labels, bank) for bank in (BANK, with_them))
    assert crowded.removed == 30
    assert plain.removed <= 3
    assert np.quantile(crowded.scores, 0.99) == pytest.approx(np.quantile(plain.scores, 0.99), abs=0.01)


@pytest.mark.parametrize("shots", [1, 2, 5])
def test_strangers_of_a_foreign_style_are_named_at_the_rate_asked_for(shots):
    enrolled, names = faces(3, 24, shots, style=STYLE)
    strangers = faces(4, 3000, 1, style=STYLE)[0]
    gallery = CharacterScorer.of(enrolled, names)
    found = c.stranger_scores(enrolled, names, BANK)
    above = c.best_similarity(gallery, strangers)
    unmoved = c.best_similarity(gallery, BANK)
    assert np.mean(above >= np.quantile(found.scores, 0.95)) == pytest.approx(0.05, abs=0.03)
    assert np.mean(above >= np.quantile(unmoved, 0.95)) > 0.1, "the bank alone lets too many pass"
    assert found.offset > c.USUAL_OFFSET


def test_held_out_strangers_are_counted():
    enrolled, names = faces(3, 4, 5)
    likeness = l2_normalize(enrolled[:20] + 0.1)
    near = c.stranger_scores(enrolled, names, BANK, likeness)
    assert near.offset > c.stranger_scores(enrolled, names, BANK).offset + 0.1


def test_one_enrolled_character_gets_the_usual_offset_and_the_widest_spread():
    enrolled, names = faces(3, 1, 5)
    found = c.stranger_scores(enrolled, names, BANK)
    assert (found.offset, found.uncertainty) == pytest.approx((0.07, 0.05))
    assert np.isfinite(found.scores).all()


def test_a_character_is_left_out_with_all_its_faces():
    x, y = np.eye(DIM, dtype=np.float32)[:2]
    offsets = c.left_out_offsets(np.stack([x, x, y, y]), np.array([0, 0, 1, 1]), np.stack([-x, -x]))
    assert len(offsets) == 2
    # gallery {y}, centre y / 6: x scores -1/6 / |x - y/6| to it and so does -x, turned; gallery {x}: -x scores -1
    towards = -1 / 6 / np.sqrt(1 + 1 / 36)
    assert offsets == pytest.approx([0, towards + 1], abs=1e-6)


def test_many_characters_are_left_out_only_in_part():
    enrolled, names = faces(5, 150, 2)
    labels = np.unique(names, return_inverse=True)[1]
    assert len(c.left_out_offsets(enrolled, labels, BANK[:100])) == c.LEFT_OUT


def test_a_bank_is_carried_over_by_the_change_that_the_faces_saw():
    turn = np.linalg.qr(np.random.default_rng(7).normal(size=(DIM, DIM)))[0].astype(np.float32)
    before = faces(6, 100, 5)[0]
    found = c.carried(BANK, before, before @ turn)
    assert np.sum(found * (BANK @ turn), axis=1).min() > 0.95
    assert c.carried(BANK, before, before) == pytest.approx(BANK, abs=1e-6)


def test_a_training_that_changes_nothing_keeps_the_scores_but_for_what_carrying_them_costs():
    enrolled, names = faces(3, 12, 5)
    plain, carried = (
        c.stranger_scores(enrolled, names, BANK),
        c.trained_stranger_scores(enrolled, enrolled, names, BANK),
    )
    assert carried.scores == pytest.approx(plain.scores + c.CARRIED_OFFSET, abs=1e-5)


def test_after_a_training_a_face_needs_what_the_carried_bank_tells():
    """A training that changes nothing: scores and needs are those before it. One that does: the carried bank's."""
    enrolled, names = faces(3, 12, 5, style=STYLE)
    cohort, asking = Cohort.of(BANK), faces(4, 50, 1, style=STYLE)[0]
    plain = c.stranger_scores(enrolled, names, BANK, cohort=cohort)
    same = c.trained_stranger_scores(enrolled, enrolled, names, BANK, cohort)
    assert plain.cohort is cohort
    assert same.scores == pytest.approx(plain.scores + c.CARRIED_OFFSET, abs=1e-5)
    assert same.cohort.beyond(asking) == pytest.approx(cohort.beyond(asking), abs=1e-5)
    assert np.ptp(cohort.beyond(asking)) > 0.02
    turned = np.roll(enrolled, 1, axis=1)
    found = c.trained_stranger_scores(turned, enrolled, names, BANK, cohort)
    there = c.carried(BANK, enrolled, turned)
    gallery = CharacterScorer.of(turned, names)
    kept = c.best_similarity(gallery, there) - Cohort.of(there).own
    assert found.removed == 0
    assert found.offset == pytest.approx(plain.offset + c.CARRIED_OFFSET)
    assert found.scores == pytest.approx(c.moved(kept, found.offset, found.uncertainty), abs=1e-6)
    assert found.cohort.faces == pytest.approx(there)
    assert c.trained_stranger_scores(turned, enrolled, names, BANK).cohort is None


def test_characters_held_apart_by_a_training_do_not_lower_the_offset():
    enrolled, names = faces(3, 12, 5, style=STYLE)
    labels = np.unique(names, return_inverse=True)[1]
    apart = l2_normalize(enrolled + np.eye(DIM, dtype=np.float32)[labels] * 2)
    trained = c.trained_stranger_scores(apart, enrolled, names, BANK)
    assert trained.offset == pytest.approx(c.stranger_scores(enrolled, names, BANK).offset + c.CARRIED_OFFSET)
    assert trained.offset > c.stranger_scores(apart, names, BANK).offset


@pytest.mark.parametrize(
    ("nearest", "second", "own"),
    [(c.SAME, c.SAME, True), (c.SAME - 1e-6, c.SAME - 1e-6, False), (0.5, 0.5 - c.LEAD, True), (0.5, 0.421, False)],
)
def test_the_limits_themselves_make_a_face_the_characters_own(nearest, second, own):
    assert c.resembling(np.array([[second], [nearest]])).tolist() == [False, own] or nearest == second
    assert c.resembling(np.array([[nearest], [second]])).tolist()[0] is own


def test_a_bank_of_one_face_is_nobodys_own():
    assert c.resembling(np.array([[0.99]])).tolist() == [False]
    assert c.resembling(np.empty((0, 3))).tolist() == []


def test_no_score_is_moved_above_one():
    assert c.moved(np.array([0.5, 0.99]), 0.4, 0.0).tolist() == pytest.approx([0.9, 1.0])


def test_of_many_characters_one_less_leaves_the_common_mean_where_it_is(monkeypatch):
    enrolled, names = faces(5, 120, 2)
    labels = np.unique(names, return_inverse=True)[1]
    exact = c.left_out_offsets(enrolled, labels, BANK[:100])
    monkeypatch.setattr(c, "SHARED_CENTRE", 119)
    shared = c.left_out_offsets(enrolled, labels, BANK[:100])
    assert len(shared) == len(exact)
    uncertain = c.CHARACTER_SPREAD / (len(exact) + c.OFFSET_WEIGHT) ** 0.5
    assert shared.mean() == pytest.approx(exact.mean(), abs=uncertain), "of 120 characters; of 501 a quarter of it"
    assert np.corrcoef(shared, exact)[0, 1] > 0.99


def test_scores_are_less_what_each_face_needs_beyond_the_threshold():
    """The bank's by what its faces need, and by how much more or less the gallery's own or held-out strangers need."""
    enrolled, names = faces(3, 6, 4, style=STYLE)
    bank = np.concatenate([BANK[:400], faces(8, 100, 1, style=STYLE)[0]])
    cohort = Cohort.of(bank)
    gallery = CharacterScorer.of(enrolled, names)
    plain, found = (c.stranger_scores(enrolled, names, bank, None, one) for one in (None, cohort))
    assert (plain.removed, found.removed) == (0, 0)
    own = cohort.beyond(enrolled).reshape(6, 4).mean(axis=1)
    assert own.mean() > 0.02, "a fifth of the bank is of their style"
    assert found.offset == pytest.approx(plain.offset - own.sum() / (6 + c.OFFSET_WEIGHT), abs=1e-6)
    kept = c.best_similarity(gallery, bank) - cohort.own
    assert found.scores == pytest.approx(c.moved(kept, found.offset, found.uncertainty), abs=1e-6)
    strangers = faces(4, 5, 2, style=STYLE)[0]
    plain, told = (c.stranger_scores(enrolled, names, bank, strangers, one) for one in (None, cohort))
    needed = own.sum() + 2 * cohort.beyond(strangers).mean()
    assert told.offset == pytest.approx(plain.offset - needed / (6 + 2 + c.OFFSET_WEIGHT), abs=1e-6)


@pytest.mark.usefixtures("no_cover")
def test_of_many_characters_too_the_left_out_ones_are_judged_less_what_they_need(monkeypatch):
    enrolled, names = faces(5, 120, 2)
    labels = np.unique(names, return_inverse=True)[1]
    cohort = Cohort.of(BANK)
    left_out = np.unique(np.linspace(0, 119, c.LEFT_OUT).astype(int))
    needed = [cohort.beyond(enrolled[labels == character]).mean() for character in left_out]
    for shared in (c.SHARED_CENTRE, 119):
        monkeypatch.setattr(c, "SHARED_CENTRE", shared)
        plain, found = (c.left_out_offsets(enrolled, labels, BANK[:100], one) for one in (None, cohort))
        assert found == pytest.approx(plain - needed, abs=1e-6)
