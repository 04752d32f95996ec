"""Balancing a workspace: the plan is what is done, and all of it can be taken back."""

from __future__ import annotations

from collections import Counter

import pytest

from core.balance.balancing import balance, remove_copies
from core.balance.config import BalanceConfig
from core.balance.plan import known_leaks, leak_check, plan
from core.errors import CatalogueError, DataError
from core.workspace import characters, faces
from core.workspace.faces import Acts, decide
from core.workspace.history import edited
from core.workspace.staleness import freshness
from core.workspace.undo import redo, undo
from tests.faces import add_faces


def files(workspace) -> list[str]:
    return sorted(p.name for p in workspace.faces.rglob("*.jpg"))


def copies_of(project) -> list:
    return [f for f in project.catalogue.faces(state="kept") if f.copy_of]


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
    assert leak_check(project.catalogue) == known_leaks(project.catalogue) == 0


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
    add_faces(project, {"Rei": 20, "Asuka": 4, "Misato": 10})
    balance(project, BalanceConfig(per_character=6, cap=True))
    assert set(Counter(f.character_id for f in project.catalogue.faces(state="kept", split="train")).values()) == {6}
    assert len(project.catalogue.faces(state="kept", split="spare")) == 9 + 2
    assert len(copies_of(project)) == 3, "of Asuka, the others have enough"


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


def test_a_division_is_taken_back_and_made_again_whole(project):
    add_faces(project, {"Rei": 9, "Asuka": 4})
    before = {f.id: f.split for f in project.catalogue.faces()}
    balance(project, BalanceConfig(per_character=3, cap=True))
    parts = {f.id: f.split for f in project.catalogue.faces()}
    assert set(parts.values()) == {"train", "validation", "spare"}
    edits = project.catalogue.changes(1)[0].edits
    assert sorted(edited(edits, "faces")) == sorted(parts) and len(edits) == 3, "not one for each face"
    undo(project)
    assert {f.id: f.split for f in project.catalogue.faces()} == before
    redo(project)
    assert {f.id: f.split for f in project.catalogue.faces()} == parts


def test_a_face_that_is_rejected_while_a_division_is_made_stops_it_whole(project):
    first, *others = add_faces(project, {"Rei": 6})["Rei"]
    acts = Acts()
    acts.divide_all([*others, first], "train")
    faces.reject(project, [project.catalogue.face(first)])
    with pytest.raises(CatalogueError, match=f"Face {first} was changed elsewhere"):
        decide(project, "divided", acts)
    assert {f.split for f in project.catalogue.faces()} == {""}


def test_few_faces_are_called_few_and_none_is_an_error(project):
    with pytest.raises(DataError, match="no faces to balance"):
        plan(project.catalogue)
    add_faces(project, {"Rei": 3})
    assert "Rei has only 2 faces" in plan(project.catalogue).warnings[0]


def test_balancing_again_changes_nothing_and_removed_copies_come_back(project):
    add_faces(project, {"Rei": 4})
    balance(project, BalanceConfig(per_character=6))
    copies, changes = copies_of(project), len(project.catalogue.changes())
    balance(project, BalanceConfig(per_character=6))
    assert (copies_of(project), len(project.catalogue.changes())) == (copies, changes)
    remove_copies(project)
    project.catalogue.set_values("faces", {f.id: {"split": ""} for f in copies})
    balance(project, BalanceConfig(per_character=6))
    assert [(f.id, f.path, f.split) for f in copies_of(project)] == [(f.id, f.path, "train") for f in copies]


def test_copies_of_another_kind_get_names_of_their_own(project):
    add_faces(project, {"Rei": 1})
    balance(project, BalanceConfig(per_character=4))
    before = {f.path for f in copies_of(project)}
    balance(project, BalanceConfig(per_character=4, mode="augment"))
    assert len({f.path for f in copies_of(project)} - before) == len(copies_of(project)) == 3
    assert all(project.workspace.path(f.path).exists() for f in copies_of(project))


def test_dividing_leaves_the_review_of_a_picture_as_it_is(project):
    add_faces(project, {"Rei": 4})
    balance(project, BalanceConfig(per_character=6))
    remove_copies(project)
    assert {p.review for p in project.catalogue.pictures()} == {"new"}


def test_a_report_for_each_copy(project):
    add_faces(project, {"Rei": 4})
    told = []
    balance(project, BalanceConfig(per_character=5), report=told.append)
    assert [(p.stage, p.n, p.total) for p in told] == [("balance", n, 2) for n in (0, 1, 2)]
    assert all(0 <= p.seconds < 60 for p in told)


def test_less_than_five_faces_to_train_on_are_few_and_without_any_it_is_said(project):
    add_faces(project, {"Asuka": 5, "Misato": 1, "Rei": 4})
    project.catalogue.add_character("Shinji")
    assert plan(project.catalogue, BalanceConfig(validation=0)).warnings == (
        "Misato has only 1 faces of its own to train on; copies add nothing new.",
        "Rei has only 4 faces of its own to train on; copies add nothing new.",
        "Shinji has no face at all.",
    )


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda project, rei: characters.rename(project, rei, "Ayanami"),
        lambda project, rei: characters.merge(project, rei, project.catalogue.character("Asuka")),
        lambda project, rei: characters.split(project, rei, project.catalogue.faces(character_id=rei.id)[:3], "Mari"),
    ],
    ids=["renamed", "merged", "split"],
)
def test_faces_that_move_beside_a_balance_are_divided_at_the_next_one(project, meanwhile):
    add_faces(project, {"Rei": 6, "Asuka": 9})
    acts = [meanwhile]

    def report(progress):
        if progress.n and acts:
            acts.pop()(project, project.catalogue.character("Rei"))

    with pytest.raises(CatalogueError, match=r"was changed elsewhere in the meantime\. Balance again"):
        balance(project, BalanceConfig(per_character=10), report=report)
    assert not copies_of(project)
    assert not project.catalogue.results("balance")
    done = balance(project, BalanceConfig(per_character=10))
    assert not any("was not copied" in words for words in done.warnings)
    slugs = {c.id: c.slug for c in project.catalogue.characters()}
    assert {f.path.split("/")[1] for f in copies_of(project)} <= set(slugs.values())
