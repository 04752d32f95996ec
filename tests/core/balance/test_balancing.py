"""Balancing a workspace: the plan is what is done, and all of it can be taken back."""

from __future__ import annotations

from collections import Counter

import pytest

from core.balance.balancing import balance, leak_check, plan, remove_copies
from core.balance.config import BalanceConfig
from core.errors import DataError
from core.workspace.staleness import freshness
from core.workspace.undo import undo
from tests.faces import add_faces


def files(workspace) -> list[str]:
    return sorted(p.name for p in workspace.faces.rglob("*.jpg"))


def test_training_part_is_filled_to_n_and_validation_is_left_alone(project):
    add_faces(project, {"Rei": 12, "Asuka": 4})
    report = balance(project, BalanceConfig(per_character=10))
    training = Counter(f.character_id for f in project.catalogue.faces(state="kept", split="train"))
    assert set(training.values()) == {10}
    assert (report.train, report.validation, report.copies, report.leaks) == (12, 4, 8, 0)
    copies = [f for f in project.catalogue.faces(state="kept") if f.copy_of]
    assert all(f.split == "train" and f.path.count("_balancing") == 1 for f in copies)
    assert all(project.workspace.path(f.path).exists() for f in copies)
    # the article split after copying: 7 of 320 validation images had their twin in training
    assert leak_check(project.catalogue) == []


def test_a_dry_run_changes_nothing(project):
    add_faces(project, {"Rei": 4})
    before = files(project.workspace)
    todo = plan(project.catalogue, BalanceConfig(per_character=8))
    assert len(todo.copies) == 5
    assert files(project.workspace) == before
    assert not project.catalogue.results("balance")
    balance(project, BalanceConfig(per_character=8))
    assert {c.path for c in todo.copies} == {f.path for f in project.catalogue.faces(state="kept") if f.copy_of}


def test_balancing_again_replaces_the_copies(project):
    add_faces(project, {"Rei": 4})
    balance(project, BalanceConfig(per_character=8))
    balance(project, BalanceConfig(per_character=6))
    assert len(files(project.workspace)) == 4 + 3
    assert not any("_balancing_3" in name for name in files(project.workspace))


def test_copies_are_removed_in_one_click_and_come_back_by_undo(project):
    add_faces(project, {"Rei": 4})
    balance(project, BalanceConfig(per_character=8))
    remove_copies(project)
    assert len(files(project.workspace)) == 4
    undo(project)
    assert len(files(project.workspace)) == 9


def test_cap_draws_down_and_loses_nothing(project):
    add_faces(project, {"Rei": 20, "Asuka": 4})
    balance(project, BalanceConfig(per_character=6, cap=True))
    assert set(Counter(f.character_id for f in project.catalogue.faces(state="kept", split="train")).values()) == {6}
    assert len(project.catalogue.faces(state="kept", split="spare")) == 9


def test_augmented_copies_are_pictures_of_their_own(project):
    ids = add_faces(project, {"Rei": 2})["Rei"]
    balance(project, BalanceConfig(per_character=4, mode="augment", validation=0))
    originals = {project.catalogue.face(i).sha256 for i in ids}
    copies = [f for f in project.catalogue.faces(state="kept") if f.copy_of]
    assert len(copies) == 2
    assert not originals & {f.sha256 for f in copies}


def test_a_new_face_makes_the_balance_stale(project):
    add_faces(project, {"Rei": 4})
    balance(project, BalanceConfig(per_character=4))
    assert not freshness(project.catalogue, "balance").stale
    add_faces(project, {"Asuka": 1}, seed=1)
    assert freshness(project.catalogue, "balance").stale


def test_few_faces_are_called_few_and_none_is_an_error(project):
    with pytest.raises(DataError, match="no faces to balance"):
        plan(project.catalogue)
    add_faces(project, {"Rei": 3})
    assert "Rei has only 2 faces" in plan(project.catalogue).warnings[0]
