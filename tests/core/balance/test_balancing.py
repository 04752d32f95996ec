"""Balancing a workspace: the plan is what is done, and all of it can be taken back."""

from __future__ import annotations

from collections import Counter

import pytest

from core.balance.balancing import balance, leak_check, plan, remove_copies
from core.balance.config import BalanceConfig
from core.errors import DataError
from core.workspace.decisions import undo
from core.workspace.staleness import freshness
from tests.faces import add_faces


def files(workspace) -> list[str]:
    return sorted(p.name for p in workspace.faces.rglob("*.jpg"))


def test_training_part_is_filled_to_n_and_validation_is_left_alone(workspace, catalogue):
    add_faces(workspace, catalogue, {"Rei": 12, "Asuka": 4})
    report = balance(workspace, catalogue, BalanceConfig(per_character=10))
    training = Counter(f.character_id for f in catalogue.faces(state="kept", split="train"))
    assert set(training.values()) == {10}
    assert (report.train, report.validation, report.copies, report.leaks) == (12, 4, 8, 0)
    copies = [f for f in catalogue.faces(state="kept") if f.copy_of]
    assert all(f.split == "train" and f.path.count("_balancing") == 1 for f in copies)
    assert all(workspace.path(f.path).exists() for f in copies)
    # the article split after copying: 7 of 320 validation images had their twin in training
    assert leak_check(catalogue) == []


def test_a_dry_run_changes_nothing(workspace, catalogue):
    add_faces(workspace, catalogue, {"Rei": 4})
    before = files(workspace)
    todo = plan(catalogue, BalanceConfig(per_character=8))
    assert len(todo.copies) == 5
    assert files(workspace) == before
    assert not catalogue.results("balance")
    balance(workspace, catalogue, BalanceConfig(per_character=8))
    assert {c.path for c in todo.copies} == {f.path for f in catalogue.faces(state="kept") if f.copy_of}


def test_balancing_again_replaces_the_copies(workspace, catalogue):
    add_faces(workspace, catalogue, {"Rei": 4})
    balance(workspace, catalogue, BalanceConfig(per_character=8))
    balance(workspace, catalogue, BalanceConfig(per_character=6))
    assert len(files(workspace)) == 4 + 3
    assert not any("_balancing_3" in name for name in files(workspace))


def test_copies_are_removed_in_one_click_and_come_back_by_undo(workspace, catalogue):
    add_faces(workspace, catalogue, {"Rei": 4})
    balance(workspace, catalogue, BalanceConfig(per_character=8))
    remove_copies(workspace, catalogue)
    assert len(files(workspace)) == 4
    undo(workspace, catalogue)
    assert len(files(workspace)) == 9


def test_cap_draws_down_and_loses_nothing(workspace, catalogue):
    add_faces(workspace, catalogue, {"Rei": 20, "Asuka": 4})
    balance(workspace, catalogue, BalanceConfig(per_character=6, cap=True))
    assert set(Counter(f.character_id for f in catalogue.faces(state="kept", split="train")).values()) == {6}
    assert len(catalogue.faces(state="kept", split="spare")) == 9


def test_augmented_copies_are_pictures_of_their_own(workspace, catalogue):
    ids = add_faces(workspace, catalogue, {"Rei": 2})["Rei"]
    balance(workspace, catalogue, BalanceConfig(per_character=4, mode="augment", validation=0))
    originals = {catalogue.face(i).sha256 for i in ids}
    copies = [f for f in catalogue.faces(state="kept") if f.copy_of]
    assert len(copies) == 2
    assert not originals & {f.sha256 for f in copies}


def test_a_new_face_makes_the_balance_stale(workspace, catalogue):
    add_faces(workspace, catalogue, {"Rei": 4})
    balance(workspace, catalogue, BalanceConfig(per_character=4))
    assert not freshness(catalogue, "balance").stale
    add_faces(workspace, catalogue, {"Asuka": 1}, seed=1)
    assert freshness(catalogue, "balance").stale


def test_few_faces_are_called_few_and_none_is_an_error(workspace, catalogue):
    with pytest.raises(DataError, match="no faces to balance"):
        plan(catalogue)
    add_faces(workspace, catalogue, {"Rei": 3})
    assert "Rei has only 2 faces" in plan(catalogue).warnings[0]
