from dataclasses import replace

import numpy as np

from benchmarks.naming_user import play
from core.similarity.clustering import Group, Groups, group_faces
from core.similarity.naming import Naming
from core.similarity.questions import AskFace, ConfirmFaces, Finished, NameGroup, ask_one, next_step
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


def test_skipped_faces_are_not_asked_about_and_all_skipped_is_said():
    naming = Naming.start(bundles(2, 1, 0.1)[0], Groups((), ()))
    first = next_step(naming)
    assert isinstance(first, AskFace)
    second = next_step(naming.skip(first.face))
    assert isinstance(second, AskFace)
    assert second.face != first.face
    last = next_step(naming.skip(first.face).skip(second.face))
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
    assert isinstance(next_step(replace(fresh, purity=(30.0, 120.0))), AskFace)


def test_without_named_characters_a_crowd_is_asked_about_before_a_face_alone():
    vectors, _ = bundles(3, 8, 0.1)
    alone = np.zeros((1, vectors.shape[1]), np.float32)
    alone[0, -1] = 1
    naming = Naming.start(np.concatenate([alone, vectors]), Groups((), ()))
    step = ask_one(naming, known_only=False)
    assert isinstance(step, AskFace)
    assert step.face != 0
    assert step.candidates == ()
