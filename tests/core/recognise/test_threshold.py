"""The threshold for a false-accept rate."""

from dataclasses import replace

import numpy as np
import pytest

from core.recognise import threshold as t
from core.recognise.gallery import Gallery
from core.recognise.impostors import Bank
from core.recognise.verdict import MATCH, UNKNOWN, answer
from core.similarity.calibration import carried
from core.similarity.prototypes import l2_normalize
from core.similarity.scorer import CharacterScorer

X, _, Z = np.eye(3, dtype=np.float32)


def people(seed, characters, each, dim=32, spread=0.5):
    """Faces of drawn characters: (n, d) unit vectors and names."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(characters, dim))
    labels = np.repeat(np.arange(characters), each)
    return l2_normalize(centres[labels] + spread * rng.normal(size=(len(labels), dim))), [f"{seed}-{k}" for k in labels]


def scores(impostor, genuine=(0.9,)):
    genuine = np.array(genuine, np.float32)
    return t.Scores(genuine, np.array(impostor, np.float32), genuine, np.ones(len(genuine), bool))


def test_leave_one_out_by_hand():
    found = t.leave_one_out(np.stack([X, X, -X]), ["x", "x", "y"])
    assert found.genuine == pytest.approx([1, 1]), "y has one face only: nothing to compare it with"
    assert found.impostor == pytest.approx([-1, -1, -1])
    assert found.right.all()
    assert found.gaps == pytest.approx([2, 2])


def test_one_character_alone_has_no_impostors():
    found = t.leave_one_out(np.stack([X, X]), ["x", "x"])
    assert len(found.impostor) == 0
    assert "general" in t.choose_threshold(found).note


def test_asking_takes_faces_of_nobody_enrolled_as_impostors():
    found = t.ask(np.stack([X, -X]), ["x", "y"], np.stack([X, l2_normalize(X + Z)]), ["x", "stranger"])
    assert found.genuine == pytest.approx([1])
    assert found.impostor == pytest.approx([-1, 0.5**0.5])


def test_many_scores_decide_by_themselves():
    chosen = t.choose_threshold(scores(np.linspace(0, 0.999, 1000)), far=0.01)
    assert chosen.match == pytest.approx(0.99)
    assert chosen.unsure == pytest.approx(0.95)
    assert "the scores of 1000" in chosen.note


def test_few_scores_get_a_fitted_tail_and_it_is_said():
    impostor = np.random.default_rng(0).normal(0.3, 0.1, 60)
    chosen = t.choose_threshold(scores(impostor), far=0.01)
    assert chosen.match == pytest.approx(0.3 + 2.33 * 0.1, abs=0.05)
    assert "normal distribution" in chosen.note


def test_too_few_scores_get_a_general_value_and_it_is_said():
    chosen = t.choose_threshold(scores([0.1] * 9))
    assert chosen.match == t.FALLBACK
    assert "only 9 faces" in chosen.note


@pytest.mark.parametrize("far", [0.001, 0.01, 0.05, 0.2, 0.5])
def test_a_smaller_rate_means_a_higher_threshold(far):
    found = t.leave_one_out(*people(0, 12, 20))
    chosen, looser = t.choose_threshold(found, far), t.choose_threshold(found, far * 1.5)
    assert chosen.match >= looser.match
    assert chosen.unsure <= chosen.match


def test_held_out_strangers_are_believed_first_then_turned_faces_then_the_gallery():
    pretended, strangers = np.repeat(X[None], 30, axis=0), np.repeat(Z[None], 30, axis=0)
    plain = Gallery(np.stack([X, X, -X]), ("x", "x", "y"), ("1", "2", "3"), "e")
    turned = Gallery(plain.embeddings, plain.characters, plain.faces, "e", pretended)
    assert t.gallery_scores(plain).impostor == pytest.approx([-1] * 3)
    assert t.gallery_scores(turned).impostor == pytest.approx([1] * 30)
    assert t.gallery_scores(turned, strangers).impostor == pytest.approx([0] * 30)
    assert t.gallery_scores(turned, strangers[:29]).who == "enrolled faces with their hues turned"
    assert "hues turned" in t.choose_threshold(t.gallery_scores(turned)).note


def test_of_drawn_and_turned_faces_those_are_believed_that_score_higher():
    enrolled, names = people(0, 4, 8)
    rng = np.random.default_rng(3)
    drawn, near = l2_normalize(rng.normal(size=(40, 32))), np.repeat(enrolled[:1], 40, axis=0)
    gallery = Gallery(enrolled, names, range(len(names)), "e", l2_normalize(rng.normal(size=(40, 32)) - 5), drawn=drawn)
    found = t.gallery_scores(gallery)
    assert found.who == "drawn faces, moved to where strangers of this gallery's style lie"
    assert found.cohort is not None, "each face needs its own, as with a bank"
    assert t.gallery_scores(replace(gallery, pretended=near)).who == "enrolled faces with their hues turned"
    assert t.gallery_scores(replace(gallery, pretended=None, drawn=drawn[:29])).who.startswith("enrolled faces, each")
    assert t.gallery_scores(gallery, near).who == "faces of held-out strangers"


@pytest.mark.parametrize("far", [0, 1, -0.1, 5])
def test_a_rate_that_is_none_is_refused(far):
    with pytest.raises(ValueError, match="between 0 and 1"):
        t.choose_threshold(scores([0.1] * 20), far)


@pytest.mark.parametrize("far", [0.01, 0.05])
def test_strangers_of_the_same_kind_are_accepted_at_the_chosen_rate(far):
    enrolled, names = people(1, 12, 20)
    gallery = Gallery(enrolled, names, range(len(names)), "e")
    chosen = t.choose_threshold(t.leave_one_out(enrolled, names), far)
    rng = np.random.default_rng(2)
    strangers = l2_normalize(rng.normal(size=(4000, 32)))
    named = np.mean([a.verdict == MATCH for a in answer(strangers, gallery, chosen)])
    assert named <= 2.5 * far
    known = answer(people(1, 12, 20)[0], gallery, chosen)
    assert np.mean([a.verdict == MATCH for a in known]) > 0.95
    assert np.mean([a.verdict == UNKNOWN for a in answer(strangers, gallery, chosen)]) > 1 - 8 * far


def test_close_calls_ask_for_a_lead():
    gaps, right = np.array([0.3, 0.4, 0.5, 0.1, 0.2]), np.array([1, 1, 1, 0, 0], bool)
    chosen = t.choose_threshold(t.Scores(gaps, np.linspace(0, 1, 100).astype(np.float32), gaps, right))
    assert chosen.margin == pytest.approx(0.19), "nine of ten wrong answers lead by less"


def test_the_histogram_shares_its_edges():
    edges, genuine, impostor = t.histogram(scores([0.0, 0.1], [0.9, 1.0]), bins=10)
    assert (edges[0], edges[-1]) == pytest.approx((0, 1))
    assert genuine.sum() == pytest.approx(1)
    assert impostor[:2] == pytest.approx([0.5, 0.5])


def test_the_bank_comes_before_all_other_strangers_and_the_note_says_so():
    enrolled, names = people(1, 6, 5)
    bank, strangers = people(5, 400, 1)[0], people(6, 30, 1)[0]
    gallery = Gallery(enrolled, names, range(len(names)), "e", strangers)
    found = t.gallery_scores(gallery, strangers, Bank(bank))
    assert len(found.impostor) >= 390
    assert "moved to where strangers" in t.choose_threshold(found).note
    assert len(t.gallery_scores(gallery, strangers, Bank(bank[:29])).impostor) == 30


def test_the_tail_of_many_scores_is_exponential_beyond_the_fifth_highest():
    impostor = -np.log(np.linspace(1, 0, 2001)[:-1]) / 20  # exponential, mean 0.05
    rare, rarer = (t.choose_threshold(scores(impostor), far).match for far in (0.001, 0.0005))
    assert rare == pytest.approx(np.log(1000) / 20, abs=0.02)
    assert rarer - rare == pytest.approx(np.log(2) / 20, abs=0.005)
    assert rare >= t.choose_threshold(scores(impostor), 5 / 2000).match


def test_a_probability_needs_strangers():
    assert t.choose_threshold(scores([0.1] * 9)).probability is None
    told = t.choose_threshold(scores(np.linspace(0, 0.4, 100), [0.8] * 20)).probability
    assert told(0.8, 0.3) > 0.95
    assert told(0.2, 0.0) < 0.05


def test_a_trained_encoders_gallery_is_judged_by_the_bank_before_its_training_unless_strangers_were_held_out():
    before, names = people(1, 6, 5)
    rng = np.random.default_rng(0)
    after = l2_normalize(before + 0.05 * rng.normal(size=before.shape))
    gallery, bank = Gallery(after, names, range(len(names)), "e"), Bank(people(5, 400, 1)[0], before)
    found = t.gallery_scores(gallery, None, bank)
    assert "before its training" in found.who
    assert len(found.impostor) >= 390
    assert len(t.gallery_scores(gallery, people(6, 30, 1)[0], bank).impostor) == 30


@pytest.mark.parametrize(("far", "unsure"), [(0.01, 0.95), (0.03, 0.85), (0.05, 0.8), (0.1, 0.8), (0.3, 0.7)])
def test_unsure_begins_at_five_times_the_rate_but_at_a_fifth_at_most(far, unsure):
    chosen = t.choose_threshold(scores(np.linspace(0, 0.999, 1000)), far)
    assert (chosen.match, chosen.unsure) == pytest.approx((1 - far, unsure), abs=0.0015)


def test_ten_scores_are_enough_to_estimate_and_five_beyond_the_threshold_decide_by_themselves():
    assert "normal distribution" in t.choose_threshold(scores(np.linspace(0, 0.4, 10))).note
    assert t.choose_threshold(scores([0.1] * 9)).unsure == pytest.approx(0.4)
    assert t.choose_threshold(scores([0.1] * 9)).margin == t.SMALLEST_MARGIN
    assert "the scores of 500" in t.choose_threshold(scores(np.linspace(0, 0.4, 500)), 0.01).note
    assert "normal" in t.choose_threshold(scores(np.linspace(0, 0.4, 499)), 0.01).note
    assert "exponential" in t.choose_threshold(scores(np.linspace(0, 0.4, 1000)), 0.004).note
    assert "normal" in t.choose_threshold(scores(np.linspace(0, 0.4, 999)), 0.004).note


def test_the_normal_tail_by_hand():
    chosen = t.choose_threshold(scores([0.1, 0.3] * 20), 0.025)
    assert chosen.match == pytest.approx(0.2 + 1.96 * 0.1, abs=1e-3)
    assert t.choose_threshold(scores([0.25] * 20), 0.01).match == pytest.approx(0.25, abs=1e-4), "without any spread"


def test_no_fitted_threshold_reaches_one():
    assert t.choose_threshold(scores([0.1, 0.99] * 20), 0.01).match == 0.999
    assert t.choose_threshold(scores(np.linspace(0.9, 0.999, 1000) ** 0.1), 1e-9).match == 0.999


def test_the_exponential_tail_by_hand():
    """2,000 scores: the fifth highest accepts 0.25 %; the highest hundred lie 0.05 above their lowest on average."""
    impostor = np.concatenate([np.zeros(1900), np.full(95, 0.2), np.full(5, 1.0)]).astype(np.float32)
    chosen = t.choose_threshold(scores(impostor), 0.001)
    start = t.threshold_at_far(impostor, 5 / 2000)
    assert chosen.match == pytest.approx(min(start + 0.04 * np.log(2.5), 0.999), abs=1e-4)


def test_the_note_names_rate_number_and_whose_the_scores_are():
    note = t.choose_threshold(scores(np.linspace(0, 0.999, 1000)), 0.015).note
    assert note == (
        "chosen so that 1.5% of strangers' faces would be named: the scores of 1000 enrolled faces, "
        "each as if its character were not enrolled"
    )
    assert t.choose_threshold(scores([0.1] * 3)).note == (
        "only 3 faces can play the stranger (10 are needed): the threshold is a general 0.5"
    )


def test_without_wrong_answers_and_after_barely_leading_ones_a_small_lead_is_asked_for():
    gaps = np.array([0.3, 0.4])
    for right in ([True, True], [False, False]):
        found = t.Scores(gaps, np.linspace(0, 1, 100).astype(np.float32), gaps, np.array(right))
        assert t.choose_threshold(found).margin == 0.08
    barely = t.Scores(gaps, found.impostor, np.array([0.3, 0.04]), np.array([True, False]))
    assert t.choose_threshold(barely).margin == 0.08
    crowded = t.Scores(gaps, np.linspace(0, 1, 100).astype(np.float32), np.array([0.1, 0.5]), np.array([True, False]))
    assert t.choose_threshold(crowded).margin == pytest.approx(0.1), "never more than a tenth of the right ones lead by"


def test_a_histogram_of_nothing_and_of_one_value_has_edges_all_the_same():
    edges, genuine, impostor = t.histogram(scores([], []), bins=4)
    assert edges.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert genuine.tolist() == impostor.tolist() == [0] * 4
    edges, genuine, _ = t.histogram(scores([0.5], [0.5]), bins=4)
    assert edges[-1] - edges[0] == pytest.approx(1e-3)
    assert genuine.sum() == 1


def test_numbers_for_json_have_four_digits():
    told = t.choose_threshold(scores(np.linspace(0, 0.99999, 1000)), 0.012345).as_dict()
    assert set(told) == {"match", "unsure", "margin", "far", "note"}
    assert told["far"] == 0.0123


@pytest.mark.parametrize(("held_out", "kind"), [(30, "held-out"), (29, "moved")])
def test_thirty_held_out_strangers_are_needed_and_a_bank_of_thirty(held_out, kind):
    enrolled, names = people(1, 6, 5)
    gallery, bank = Gallery(enrolled, names, range(30), "e"), people(5, 30, 1)[0]
    strangers = people(6, held_out, 1)[0]
    found = t.gallery_scores(gallery, strangers, Bank(bank, enrolled))
    assert found.who.startswith(
        "faces of held-out" if kind == "held-out" else "faces of characters who are not enrolled, carried"
    )
    assert "moved" in t.gallery_scores(gallery, None, Bank(bank)).who
    assert "each as if" in t.gallery_scores(gallery, None, Bank(bank[:29])).who


def test_an_empty_gallery_has_no_scores_of_any_kind():
    nothing = t.gallery_scores(
        Gallery.empty("e", 3), np.repeat(Z[None], 30, axis=0), Bank(np.repeat(Z[None], 30, axis=0))
    )
    assert len(nothing.impostor) == len(nothing.genuine) == 0


@pytest.mark.usefixtures("no_cover")
def test_of_a_large_gallery_some_faces_ask_and_the_threshold_holds_within_what_they_can_tell(monkeypatch):
    enrolled, names = people(1, 60, 20)
    every = t.leave_one_out(enrolled, names)
    monkeypatch.setattr(t, "ASKED", 400)
    some = t.leave_one_out(enrolled, names)
    assert (len(every.impostor), len(some.impostor), len(some.genuine), len(some.right)) == (1200, 400, 400, 400)
    match = t.choose_threshold(some, 0.05).match
    assert (every.impostor >= match).mean() == pytest.approx(0.05, abs=2 * (0.05 * 0.95 / 400) ** 0.5)
    bank = Bank(people(5, 400, 1)[0])
    gallery = Gallery(enrolled, names, range(len(names)), "e")
    by_bank = t.choose_threshold(t.gallery_scores(gallery, None, bank))
    monkeypatch.setattr(t, "ASKED", 1200)
    assert t.choose_threshold(t.gallery_scores(gallery, None, bank)).match == by_bank.match


def test_a_rate_that_five_scores_tell_is_read_from_them_and_a_smaller_one_from_a_fitted_tail():
    """Of 1000 scores the highest twentieth shows the tail; of 999 a normal distribution is taken."""
    scores = (np.arange(1000) / 1000) ** 3 / 2
    assert t._at(scores, 0.005) == (pytest.approx(scores[995]), "the scores")
    top = scores[950:]
    value, how = t._at(scores, 0.001)
    assert value == pytest.approx(scores[995] + (top.mean() - top[0]) * np.log(5))
    assert "exponential tail" in how
    value, how = t._at(scores[:999], 0.001)
    assert value == pytest.approx(scores[:999].mean() + 3.0902 * scores[:999].std(), abs=1e-4)
    assert "normal distribution" in how
    for many in (1000, 999):
        assert t._at(np.linspace(0.5, 0.9985, many), 1e-9)[0] == 0.999, "never above what a face can reach"
    assert t._at(np.full(20, 0.25), 0.001)[0] == pytest.approx(0.25, abs=1e-5)


def test_with_a_bank_a_score_is_the_similarity_less_what_the_face_needs_and_the_note_says_so(monkeypatch):
    enrolled, names = people(1, 6, 5)
    gallery, bank = Gallery(enrolled, names, range(30), "e"), Bank(people(5, 400, 1)[0])
    plain, found = t.leave_one_out(enrolled, names), t.gallery_scores(gallery, None, bank)
    needed = bank.cohort.beyond(gallery.embeddings)
    assert np.ptp(needed) > 0.02
    assert found.genuine == pytest.approx(plain.genuine - needed, abs=1e-6)
    assert found.gaps == pytest.approx(plain.gaps), "how far the best is ahead stays as it is"
    alone = t.leave_one_out(enrolled, names, bank.cohort)
    assert alone.impostor == pytest.approx(plain.impostor - needed, abs=1e-6)
    monkeypatch.setattr(t, "ASKED", 20)
    some = CharacterScorer.of(enrolled, names).spread(20)
    few = t.leave_one_out(enrolled, names, bank.cohort)
    assert few.genuine == pytest.approx(plain.genuine[some] - needed[some], abs=1e-6)
    chosen = t.choose_threshold(found)
    assert chosen.beyond(gallery.embeddings) == pytest.approx(needed)
    assert chosen.note.endswith(
        "lie; a face that looks like many strangers needs more, one that looks like few needs less"
    )


def test_after_a_training_each_face_has_a_threshold_of_its_own_by_the_carried_bank():
    enrolled, names = people(1, 6, 5)
    gallery, vectors = Gallery(enrolled, names, range(30), "e"), people(5, 400, 1)[0]
    found = t.gallery_scores(gallery, None, Bank(vectors, enrolled[:, ::-1]))
    assert found.cohort.faces == pytest.approx(carried(vectors, enrolled[:, ::-1], enrolled))
    needed = found.cohort.beyond(enrolled)
    assert np.ptp(needed) > 0.01
    assert found.genuine == pytest.approx(t.leave_one_out(enrolled, names).genuine - needed, abs=1e-6)
    assert t.EACH_ITS_OWN in t.choose_threshold(found).note


def test_without_a_bank_no_face_needs_more_than_another():
    enrolled, names = people(1, 6, 5)
    chosen = t.choose_threshold(t.gallery_scores(Gallery(enrolled, names, range(30), "e")))
    assert chosen.scores.cohort is None
    assert not chosen.beyond(enrolled).any()
    assert "many strangers" not in chosen.note
