"""A plan is looked at before it is done; of very many faces a page shows what their numbers tell."""

from __future__ import annotations

from collections import Counter

import pytest

from core.balance.balancing import balance
from core.balance.config import BalanceConfig
from core.balance.plan import estimate, keep_leaks, known_leaks, leak_check, plan
from core.errors import DataError
from core.workspace.undo import undo
from tests.faces import add_faces


@pytest.fixture
def made(project):
    made = add_faces(project, {"Rei": 12, "Asuka": 4, "Misato": 1})
    project.catalogue.add_character("Shinji")
    return made


@pytest.mark.parametrize(
    "config",
    [
        BalanceConfig(per_character=8),
        BalanceConfig(per_character=3, cap=True, validation=0.5),
        BalanceConfig(strangers=1),
        BalanceConfig(per_character=1, validation=0),
    ],
)
def test_of_faces_that_belong_to_no_other_the_estimate_is_the_plan(project, made, config):
    exact, guessed = plan(project.catalogue, config), estimate(project.catalogue, config)
    assert guessed.counts() == exact.counts()
    assert guessed.warnings == exact.warnings


def test_the_numbers_of_each_character(project, made):
    rei, asuka, misato = (project.catalogue.character(name).id for name in made)
    expected = {
        rei: {"train": 8, "spare": 1, "validation": 3},
        asuka: {"train": 3, "validation": 1, "copies": 5},
        misato: {"train": 1, "copies": 7},
    }
    for found in (plan, estimate):
        assert found(project.catalogue, BalanceConfig(per_character=8, cap=True)).counts() == expected


def test_faces_that_stay_together_may_move_a_few(project):
    made = add_faces(project, {"Rei": 8}, group="one post")
    rei = project.catalogue.character("Rei").id
    config = BalanceConfig(per_character=1)
    assert plan(project.catalogue, config).counts() == {rei: {"train": 8}}
    assert estimate(project.catalogue, config).counts() == {rei: {"train": 6, "validation": 2}}
    project.catalogue.set_values("faces", {made["Rei"][0]: {"ignored": True}, made["Rei"][1]: {"character_id": None}})
    assert estimate(project.catalogue, config).counts() == {rei: {"train": 4, "validation": 2}}


@pytest.mark.parametrize("found", [plan, lambda catalogue: estimate(catalogue, BalanceConfig())])
def test_nothing_to_balance_is_said(project, found):
    with pytest.raises(DataError, match="no faces to balance"):
        found(project.catalogue)


def test_a_copy_has_a_path_that_no_face_of_the_character_has_whatever_its_state(project):
    made = add_faces(project, {"Rei": 2})["Rei"]
    path = "faces/Rei/001_1_balancing.jpg"
    project.catalogue.set_values("faces", {made[0]: {"path": path.upper(), "state": "rejected"}})
    todo = plan(project.catalogue, BalanceConfig(per_character=3, validation=0))
    assert [(copy.face_id, copy.path) for copy in todo.copies] == [
        (made[1], "faces/Rei/001_1_balancing_2.jpg"),
        (made[1], "faces/Rei/001_1_balancing_3.jpg"),
    ]


def test_the_leak_check_is_known_until_the_division_changes(project, made):
    assert known_leaks(project.catalogue) is None
    balance(project, BalanceConfig(per_character=4))
    assert known_leaks(project.catalogue) == leak_check(project.catalogue) == 0
    validation = project.catalogue.faces(split="validation")[0]
    training = [f for f in project.catalogue.faces(split="train") if f.copy_of is None][:2]
    values = {face.id: {"picture_id": validation.picture_id} for face in training}
    project.catalogue.set_values("faces", values | {validation.id: {"split": "train"}})
    project.catalogue.set_values("faces", {validation.id: {"split": "validation"}, training[0].id: {"split": "spare"}})
    assert known_leaks(project.catalogue) is None
    copies = Counter(f.copy_of for f in project.catalogue.faces(state="kept", split="train"))[training[1].id]
    assert leak_check(project.catalogue) == 1 + copies
    keep_leaks(project.catalogue, leak_check(project.catalogue))
    assert known_leaks(project.catalogue) == 1 + copies


def test_taking_the_division_back_makes_the_leak_check_unknown(project, made):
    balance(project, BalanceConfig(per_character=4))
    undo(project)
    assert known_leaks(project.catalogue) is None
