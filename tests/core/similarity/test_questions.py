from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.naming_user import play
from core.similarity import questions as module
from core.similarity.clustering import Group, Groups, group_faces
from core.similarity.naming import Naming
from core.similarity.questions import (
    ALTERNATIVES,
    KNOWN_AMONG,
    LEAST,
    LEAST_PER_ACTION,
    LEAST_SHOWN,
    PAGE,
    SMALL,
    AskFace,
    ConfirmFaces,
    Finished,
    NameFaces,
    NameGroup,
    _crowd,
    _known_among,
    _largest,
    _page,
    _taken,
    _why,
    ask_one,
    next_step,
)
from tests.core.similarity.test_clustering import bundles


def heap(characters: int = 4, each: int = 10, noise: float = 0.15, **options) -> tuple[Naming, list[str]]:
    vectors, who = bundles(characters, each, noise)
    return Naming.start(vectors, group_faces(vectors), **options), [f"C{c}" for c in who]


def test_the_largest_group_is_named_first():
    vectors, who = bundles(3, 10, 0.1)
    keep = np.flatnonzero((who != 1) | (np.arange(30) < 15))
    step = next_step(Naming.start(vectors[keep], group_faces(vectors[keep])))
    assert isinstance(step, NameGroup)
    assert len(step.faces) == 10
    assert step.candidates == ()


def test_faces_that_look_like_a_named_character_are_confirmed_together():
    vectors, _ = bundles(4, 10, 0.15)
    naming = Naming.start(vectors, Groups((Group((0, 1, 2, 3), 0, 0.9),), ())).confirm((0, 1, 2, 3), "Rei")
    step = next_step(naming)
    assert isinstance(step, ConfirmFaces)
    assert {name: set(faces) for name, faces in step.rows} == {"Rei": set(range(4, 10))}
    assert 5 < step.expected <= 6
    assert all(step.others[face] == () for face in range(4, 10))


def test_a_page_offers_whom_else_a_face_may_be():
    vectors, _ = bundles(4, 10, 0.15)
    naming = Naming.start(vectors, Groups((), ()), named=["Rei"] * 4 + [None] * 6 + ["Asuka"] * 10 + [None] * 20)
    step = next_step(naming)
    assert isinstance(step, ConfirmFaces)
    assert step.others[4] == ("Asuka",)


def test_one_person_is_proposed_at_most_once_in_a_picture():
    vectors, _ = bundles(4, 10, 0.15)
    pictures = np.arange(40)
    pictures[[4, 5]] = 99
    pictures[[0, 6]] = 98
    naming = Naming.start(vectors, Groups((), ()), pictures=pictures).confirm((0, 1, 2, 3), "Rei")
    step = next_step(naming)
    assert isinstance(step, ConfirmFaces)
    shown = {face for _, faces in step.rows for face in faces}
    assert 6 not in shown
    assert len(shown & {4, 5}) == 1
    assert {7, 8, 9} <= shown


def test_a_face_that_was_denied_is_not_proposed_again():
    vectors, _ = bundles(4, 10, 0.15)
    naming = Naming.start(vectors, Groups((), ())).confirm((0, 1, 2, 3), "Rei", wrong=(4,))
    assert 4 not in {face for _, faces in next_step(naming).rows for face in faces}


def test_the_question_is_about_an_open_case_and_names_the_likeliest_first():
    vectors, who = bundles(2, 10, 0.1)
    between = vectors[0] * 0.95 + vectors[10] * 0.9
    vectors = np.concatenate([vectors, [between / np.linalg.norm(between)]])
    named = [f"C{c}" for c in who] + [None]
    named[9] = None
    step = ask_one(Naming.start(vectors, Groups((), ()), named=named))
    assert isinstance(step, AskFace)
    assert step.face == 20
    assert step.candidates[0] == "C0"


def test_no_question_is_left_when_nobody_looks_like_a_named_character():
    vectors, who = bundles(3, 8, 0.1)
    step = ask_one(Naming.start(vectors, Groups((), ()), named=["C0" if c == 0 else None for c in who]))
    assert isinstance(step, Finished)
    assert step.unnamed == 16
    assert "change nothing" in step.reason


def test_skipped_faces_are_not_shown_again_and_all_skipped_is_said():
    naming = Naming.start(bundles(2, 1, 0.1)[0], Groups((), ()))
    both = next_step(naming)
    assert isinstance(both, NameFaces) and set(both.faces) == {0, 1}
    assert next_step(naming.skip(0)) == NameFaces((1,), {1: ()})
    last = next_step(naming.skip(0).skip(1))
    assert isinstance(last, Finished)
    assert "skipped" in last.reason


def test_it_ends_when_everybody_has_a_name():
    naming, who = heap()
    for name in sorted(set(who)):
        naming = naming.confirm([i for i, own in enumerate(who) if own == name], name)
    assert next_step(naming) == Finished(0, "Every face has a name or is set aside.")


def test_a_heap_without_faces_is_finished():
    assert isinstance(next_step(Naming.start(np.empty((0, 4), np.float32), Groups((), ()))), Finished)


def test_a_user_who_follows_names_clear_characters_with_one_action_each():
    naming, who = heap()
    played = play(naming, who, goal=1.0)
    assert (played.actions, played.named, played.wrong) == (4, 1.0, 0)


def test_a_user_who_follows_names_almost_everybody_in_a_noisy_heap():
    vectors, who = bundles(8, 15, 0.4)
    played = play(Naming.start(vectors, group_faces(vectors, granularity=0.65)), [f"C{c}" for c in who])
    assert played.named >= 0.95
    assert played.wrong == 0
    assert played.actions <= 57  # half of the 114 that it would be one by one


def test_strangers_are_set_aside_and_get_no_name():
    vectors, who = bundles(4, 10, 0.15)
    truth = [f"C{c}" if c < 3 else None for c in who]
    played = play(Naming.start(vectors, group_faces(vectors)), truth, goal=1.0)
    assert (played.named, played.wrong) == (1.0, 0)
    assert played.actions <= 4


def test_small_groups_are_not_offered_where_groups_were_mostly_wrong():
    vectors, _ = bundles(4, 10, 0.15)
    groups = Groups((Group((0, 1, 2), 0, 0.9), Group((10, 20, 30), 10, 0.1)), ())
    fresh = Naming.start(vectors, groups)
    assert isinstance(next_step(fresh), NameGroup)
    assert isinstance(next_step(replace(fresh, purity=(30.0, 120.0))), NameFaces)


def test_without_named_characters_a_crowd_is_shown_before_a_face_alone():
    vectors, _ = bundles(3, 8, 0.1)
    alone = np.zeros((1, vectors.shape[1]), np.float32)
    alone[0, -1] = 1
    naming = Naming.start(np.concatenate([alone, vectors]), Groups((), ()))
    step = _known_among(naming)
    assert isinstance(step, NameFaces) and len(step.faces) == KNOWN_AMONG
    assert 0 not in step.faces
    assert set(step.others.values()) == {()}


def fan(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def waiting(p, *, names=("A", "B"), groups=(), similarity=None, pictures=None, owner=None, **more):
    """A heap of len(p) unnamed faces, all of which look like the first character with this probability."""
    n = len(p)
    p = np.array(p, float)
    similarity = np.tile(np.linspace(0.9, 0.1, len(names)), (n, 1)) if similarity is None else np.array(similarity)
    likelihood = SimpleNamespace(
        faces=np.arange(n),
        row={i: i for i in range(n)},
        best=lambda: (np.zeros(n, int), p),
        similarity=similarity,
        candidates=lambda face, most: tuple(range(len(names)))[:most],
    )
    about = {
        "likelihood": likelihood,
        "names": names,
        "groups": groups,
        "open_groups": groups,
        "purity": (0.0, 0.0),
        "skipped": frozenset(),
        "non_faces": frozenset(),
        "unlike": frozenset(),
        "pictures": np.full(n, -1) if pictures is None else np.array(pictures),
        "owner": np.full(n, -1) if owner is None else np.array(owner),
        "vectors": fan(*(90 * i for i in range(n))),
    }
    return SimpleNamespace(**about | more)


def test_a_crowd_is_the_sum_of_the_similarities_above_one_half_without_the_face_itself():
    """Cosines: 59 degrees 0.515, 61 degrees 0.485."""
    crowd = _crowd(waiting([0.5] * 3, vectors=fan(0, 59, -61)))
    assert crowd == pytest.approx([0.515, 0.515, 0], abs=1e-3)


def test_a_picture_shows_only_those_who_are_named_on_a_picture():
    naming = waiting([0.5] * 4, owner=[0, -1, 1, 0], pictures=[0, 0, -1, 2])
    assert _taken(naming) == {(0, 0), (0, 2)}


def test_why_it_ends_is_said():
    one = waiting([0.5])
    assert _why(waiting([]), np.empty(0, bool)).startswith("Every face has a name")
    assert _why(one, np.array([False])).startswith("All faces that are left were skipped")
    assert _why(one, np.array([True])).startswith("No face that is left looks like")


def test_the_largest_group_is_chosen_by_what_an_action_names():
    """Groups that are skipped in part, of one face, or about to be confirmed anyway are none."""
    p = [0.1] * 9
    assert _largest(waiting(p, groups=((0,),)))[0] is None
    assert _largest(waiting(p, groups=((0, 1),)))[0].faces == (0, 1)
    assert _largest(waiting(p, groups=((0, 1), (2, 3, 4))))[0].faces == (2, 3, 4)
    assert _largest(waiting(p, groups=((0, 1), (2, 3, 4)), skipped={3}))[0].faces == (0, 1)
    assert _largest(waiting([0.6, 0.6, 0.1, 0.1], groups=((0, 1), (2, 3))))[0].faces == (2, 3)
    assert _largest(waiting([0.5, 0.5], groups=((0, 1),)))[0].faces == (0, 1), "exactly one half is open"
    many = waiting(p, groups=((0, 1),), names=tuple("ABCDEFG"))
    assert _largest(many)[0].candidates == tuple("ABCDE")[:ALTERNATIVES]


def test_what_an_action_on_a_group_names_falls_with_what_groups_turned_out_to_be():
    p = [0.1] * 4
    plain, poor, good = (
        _largest(waiting(p, groups=((0, 1, 2, 3),), purity=purity))[1] for purity in ((0, 0), (1, 40), (40, 40))
    )
    assert poor < plain < good < 4


def test_a_small_group_is_worth_less_where_small_groups_were_mostly_strangers():
    """Of ten groups of two all were set aside: (0 + 5 x 0.9) / (10 + 5) = 0.3. A large group is worth what it was."""
    decided = tuple((i, i + 1) for i in range(0, 20, 2))
    few, many = (20, 21, 22), tuple(range(23, 23 + SMALL + 1))
    n = 23 + SMALL + 1
    cast, strangers = ([owner] * 20 + [-1] * (n - 20) for owner in (0, -2))

    def worth(group, owner):
        return _largest(waiting([0.1] * n, groups=(*decided, group), open_groups=(group,), owner=owner))[1]

    unknown = _largest(waiting([0.1] * n, groups=(few,)))[1]
    assert worth(few, strangers) == pytest.approx(unknown * 0.3 / 0.9)
    assert worth(few, cast) == pytest.approx(unknown * (14.5 / 15) / 0.9)
    assert worth(many, strangers) == worth(many, cast)


def test_a_page_ends_where_faces_are_not_likely_enough_or_it_is_full():
    assert _page(waiting([LEAST_SHOWN + 0.01]))[0].rows == (("A", (0,)),)
    assert _page(waiting([LEAST_SHOWN])) == (None, 0.0)
    full = _page(waiting([1.0] * (PAGE + 1)))[0]
    assert sum(len(faces) for _, faces in full.rows) == PAGE
    assert full.expected == PAGE
    assert full.others[0] == ("B",)


def test_faces_left_for_later_are_on_no_page():
    assert _page(waiting([0.9, 0.8], skipped={0}))[0].rows == (("A", (1,)),)


def test_a_page_is_worth_what_is_right_per_action():
    """Of 0.9 and 0.8, 1.7 are right and 0.3 have to be clicked: 1.7 / 1.3."""
    page, worth = _page(waiting([0.9, 0.8]))
    assert page.expected == pytest.approx(1.7) and worth == pytest.approx(1.7 / 1.3)


def test_a_face_that_may_cost_more_than_it_adds_is_left_off_a_page():
    """After five sure ones a face of one half would cost half a click on a page worth five."""
    assert len(_page(waiting([1.0] * 5 + [0.5]))[0].rows[0][1]) == 5
    assert len(_page(waiting([1.0] * 5 + [0.9]))[0].rows[0][1]) == 6


def test_a_face_is_asked_about_only_where_it_looks_like_somebody_at_least_a_little():
    assert isinstance(ask_one(waiting([LEAST - 0.001])), Finished)
    asked = ask_one(waiting([LEAST]))
    assert (asked.face, asked.candidates, asked.probability) == (0, ("A", "B"), LEAST)


def test_the_most_open_face_is_asked_about_first_and_one_like_no_face_last():
    assert ask_one(waiting([0.9, 0.5, 0.2])).face == 1
    assert ask_one(waiting([0.9, 0.5, 0.2], non_faces={1})).face == 2
    assert ask_one(waiting([0.9, 0.5, 0.2], skipped={1})).face == 2


GROUP, SHOWN = NameGroup((0, 1), ()), ConfirmFaces((), {}, 0.0)


@pytest.mark.parametrize(
    ("group", "by_group", "page", "by_page", "chosen"),
    [
        (GROUP, 1.0, None, 0.0, GROUP),
        (GROUP, 0.99, None, 0.0, "faces"),
        (GROUP, 1.5, SHOWN, 1.5, GROUP),
        (GROUP, 1.5, SHOWN, 1.6, SHOWN),
        (None, 0.0, SHOWN, LEAST_PER_ACTION, SHOWN),
        (None, 0.0, SHOWN, LEAST_PER_ACTION - 0.01, "faces"),
        (GROUP, 0.5, SHOWN, 0.9, SHOWN),
    ],
)
def test_the_step_that_names_most_per_action_is_offered(monkeypatch, group, by_group, page, by_page, chosen):
    monkeypatch.setattr(module, "_largest", lambda naming: (group, by_group))
    monkeypatch.setattr(module, "_page", lambda naming: (page, by_page))
    monkeypatch.setattr(module, "_known_among", lambda naming: "faces")
    assert next_step(waiting([0.5])) == chosen


@pytest.mark.parametrize(
    ("p", "crowd", "first"),
    [([0.3, 0.2], [0, 0.5], 0), ([0.3, 0.2], [0, 2], 1), ([0.55, 0.2], [0, 9], 0), ([0.45, 0.2], [0, 9], 1)],
)
def test_where_nobody_is_proposed_a_face_near_by_counts_a_tenth_and_at_most_three_do(monkeypatch, p, crowd, first):
    monkeypatch.setattr(module, "_crowd", lambda naming: np.array(crowd, float))
    assert _known_among(waiting(p)).faces == (first, 1 - first)


def test_faces_that_look_like_none_come_last_and_each_may_be_the_likeliest():
    step = _known_among(waiting([0.1, 0.2, 0.3], non_faces={2}, names=tuple("ABCDEF")))
    assert step == NameFaces((1, 0, 2), dict.fromkeys(range(3), tuple("ABCD")))


def test_a_group_says_for_each_face_whom_else_it_may_be():
    group = _largest(waiting([0.1] * 2, groups=((0, 1),), names=tuple("ABCDEF")))[0]
    assert group.others == {0: tuple("ABCD"), 1: tuple("ABCD")}


def test_a_face_that_looks_like_none_counts_a_tenth():
    """(0.01 + 0.25) / 10 of an open one is more than 0.01 + 0.0099 of one that is sure."""
    assert ask_one(waiting([0.5, 0.99], non_faces={0})).face == 0
    assert ask_one(waiting([0.5, 0.96], non_faces={0})).face == 1


def test_what_a_group_is_worth_is_what_it_names_per_action():
    """Of four faces 3.72 are named by one key and 0.28 clicks, in nine of ten small groups."""
    assert _largest(waiting([0.1] * 4, groups=((0, 1, 2, 3),)))[1] == pytest.approx(0.9 * 3.72 / 1.28)


def test_who_was_denied_one_face_of_a_group_may_still_be_the_likeliest_of_it():
    denied = [[-np.inf, -0.3], [0.9, -0.3]]
    assert _largest(waiting([0.1] * 2, groups=((0, 1),), similarity=denied))[0].candidates == ("A", "B")


def test_the_other_half_of_a_split_is_asked_about_and_not_taken_for_the_first():
    """Two characters 20 degrees apart in one group: each of the second looks much like the first."""
    group = tuple(range(8))
    one = Naming.start(fan(0, 1, 2, 3, 20, 21, 22, 23, 5), Groups((Group(group, 0, 0.9),), ()))
    split = one.split(group)
    assert split.unlike == frozenset()
    named = split.confirm(range(4), "Rei")
    assert named.unlike == {(i, 0) for i in range(4, 8)}
    assert named.likelihood.best()[1][:4].min() > 0.5, "by its looks each of them is Rei"
    step = next_step(named)
    assert isinstance(step, NameGroup)
    assert set(step.faces) == {4, 5, 6, 7}
    page, _ = _page(named)
    assert page.rows == (("Rei", (8,)),), "who was not in the group is proposed as before"
    other = named.confirm((4, 5, 6, 7), "Asuka")
    assert other.unlike == frozenset()
    assert named.pull_out((4,)).unlike == {(i, 0) for i in range(5, 8)}
