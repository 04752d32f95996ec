from dataclasses import replace

import numpy as np

from benchmarks.naming_user import play
from core.similarity import regrouping as module
from core.similarity.clustering import Group, Groups
from core.similarity.naming import Naming
from core.similarity.questions import NameGroup, next_step
from core.similarity.regrouping import regrouped
from tests.core.similarity.test_clustering import bundles

FIRST = Groups((Group(tuple(range(10)), 0, 0.9),), ())
"""One group of ten: the second and the third character were not found."""


def heap() -> Naming:
    vectors, _ = bundles(3, 10, 0.15)
    return Naming.start(vectors, FIRST)


def test_characters_that_were_not_found_come_in_groups_once_the_others_have_names():
    before = heap()
    assert regrouped(before) is before, "a group is left to ask about"
    named = before.confirm(range(10), "Rei")
    after = regrouped(named)
    assert {frozenset(group) for group in after.open_groups} == {frozenset(range(10, 20)), frozenset(range(20, 30))}
    step = next_step(after)
    assert isinstance(step, NameGroup) and len(step.faces) == 10
    assert regrouped(after) is after, "once only"


def test_a_group_that_was_named_is_one_again_when_its_name_is_taken_back():
    after = regrouped(heap().confirm(range(10), "Rei"))
    undone = replace(after, owner=np.full(30, -1), names=())
    assert tuple(range(10)) in undone.open_groups


def test_a_face_is_in_one_group_at_most():
    naming = heap().confirm(range(8), "Rei").pull_out((8, 9))
    groups = regrouped(naming).groups
    assert len([face for group in groups for face in group]) == len({face for group in groups for face in group})


def test_a_mixture_that_was_broken_up_is_not_asked_about_again():
    naming = replace(heap().confirm(range(10), "Rei"), groups=(tuple(range(10)), tuple(range(10, 20))))
    after = regrouped(naming.pull_out(range(10, 20)))
    assert {frozenset(group) for group in after.open_groups} == {frozenset(range(20, 30))}


def test_what_looks_like_no_face_stays_out():
    vectors, _ = bundles(3, 10, 0.15)
    naming = Naming.start(vectors, replace(FIRST, non_faces=tuple(range(20, 30)))).confirm(range(10), "Rei")
    assert {frozenset(group) for group in regrouped(naming).open_groups} == {frozenset(range(10, 20))}


def test_where_it_would_cover_little_the_groups_stay_as_they_were(monkeypatch):
    naming = heap().confirm(range(10), "Rei")
    monkeypatch.setattr(module, "LEAST_COVERED", 1.01)
    after = regrouped(naming)
    assert after.groups == naming.groups and after.regrouped


def test_no_page_waits_for_very_many(monkeypatch):
    naming = heap().confirm(range(10), "Rei")
    monkeypatch.setattr(module, "MOST", 19)
    assert regrouped(naming) is naming
    monkeypatch.setattr(module, "MOST", 20)
    assert len(regrouped(naming).open_groups) == 2


def test_the_simulated_user_names_every_group_once():
    vectors, who = bundles(3, 10, 0.15)
    played = play(Naming.start(vectors, FIRST), [f"C{c}" for c in who], goal=1.0)
    assert played.wrong == 0 and played.named == 1
    assert played.kinds == {"NameGroup": 3}
