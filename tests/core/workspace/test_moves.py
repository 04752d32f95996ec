"""A write that was killed is finished by the next one, or leaves nothing; no file of a person is overwritten."""

from __future__ import annotations

import os

import pytest

from core.errors import CatalogueError, WorkspaceError
from core.workspace.history import Edit
from core.workspace.locks import write_lock
from core.workspace.moves import (
    STAGING,
    Move,
    StagedFiles,
    finish_moves,
    out_of_the_way,
    pending,
    record_moves,
    recover,
)
from core.workspace.project import open_project
from core.workspace.transaction import transaction


def put(project, path: str, text: str) -> None:
    at = project.workspace.path(path)
    at.parent.mkdir(parents=True, exist_ok=True)
    at.write_text(text)


def text(project, path: str) -> str | None:
    at = project.workspace.path(path)
    return at.read_text() if at.exists() else None


def commit_without_moving(project, *moves: Move) -> None:
    """As a process that was killed right after its commit leaves it."""
    with project.catalogue.writing() as db:
        record_moves(db, moves)


def test_pending_moves_are_made_when_the_workspace_is_opened(project, settings):
    put(project, "faces/Rei/a.jpg", "a")
    commit_without_moving(project, Move("faces/Rei/a.jpg", "bin/faces/Rei/a.jpg"))
    with open_project("test", settings) as again:
        assert pending(again.catalogue) == []
    assert (text(project, "faces/Rei/a.jpg"), text(project, "bin/faces/Rei/a.jpg")) == (None, "a")


def test_moves_that_were_made_are_not_made_again(project):
    put(project, "one.jpg", "one")
    put(project, "two.jpg", "two")
    moves = Move("one.jpg", "bin/one.jpg"), Move("two.jpg", "one.jpg")
    commit_without_moving(project, *moves)
    assert finish_moves(project.catalogue, project.workspace) == 2
    assert (text(project, "one.jpg"), text(project, "bin/one.jpg")) == ("two", "one")
    commit_without_moving(project, moves[1])  # as if it had been made, but not yet forgotten
    finish_moves(project.catalogue, project.workspace)
    assert (text(project, "one.jpg"), text(project, "bin/one.jpg")) == ("two", "one")


def test_a_move_whose_file_is_in_the_way_of_another_is_forgotten_as_soon_as_it_is_made(project, monkeypatch):
    put(project, "one.jpg", "one")
    put(project, "two.jpg", "two")
    commit_without_moving(project, Move("one.jpg", "bin/one.jpg"), Move("two.jpg", "one.jpg"))
    from core.workspace import moves

    made = moves._make

    def killed(workspace, move):
        if move.source == "two.jpg":
            made(workspace, move)
            raise KeyboardInterrupt
        return made(workspace, move)

    monkeypatch.setattr(moves, "_make", killed)
    with pytest.raises(KeyboardInterrupt):
        finish_moves(project.catalogue, project.workspace)
    monkeypatch.setattr(moves, "_make", made)
    recover(project.catalogue, project.workspace)
    assert (text(project, "one.jpg"), text(project, "bin/one.jpg")) == ("two", "one")


def test_what_a_dead_process_staged_is_cleared_and_what_a_living_one_did_is_not(project):
    with StagedFiles(project.workspace) as living:
        mine = living.add(b"mine")
        put(project, f"{STAGING}/0123/000001.jpg", "left behind")
        (project.workspace.root / STAGING / "0123.lock").touch()
        recover(project.catalogue, project.workspace)
        assert text(project, mine) == "mine"
        assert text(project, f"{STAGING}/0123/000001.jpg") is None
    assert list((project.workspace.root / STAGING).iterdir()) == []


def test_a_write_that_fails_changes_nothing_and_moves_nothing(project):
    rei = project.catalogue.add_character("Rei")
    put(project, "pictures/Rei/a.jpg", "a")
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/a.jpg")
    with pytest.raises(CatalogueError, match="no row 99"), transaction(project) as tx:
        tx.edit(Edit("pictures", picture.id, {"path": "bin/pictures/Rei/a.jpg"}))
        tx.edit(Edit("faces", 99, {"state": "kept"}))
    assert project.catalogue.picture(picture.id).path == "pictures/Rei/a.jpg"
    assert text(project, "pictures/Rei/a.jpg") == "a"
    assert pending(project.catalogue) == []


def test_a_persons_file_in_the_way_is_put_aside(project):
    rei = project.catalogue.add_character("Rei")
    put(project, "bin/pictures/Rei/a.jpg", "ours")
    put(project, "pictures/Rei/a.jpg", "somebody's")
    picture = project.catalogue.add_picture(rei.id, path="bin/pictures/Rei/a.jpg", state="removed")
    with transaction(project) as tx:
        tx.edit(Edit("pictures", picture.id, {"path": "pictures/Rei/a.jpg", "state": "kept"}))
    assert text(project, "pictures/Rei/a.jpg") == "ours"
    assert text(project, "bin/replaced/1-pictures-Rei-a.jpg") == "somebody's"


def test_what_is_staged_is_on_the_disk_and_its_folder_after_the_move(project, monkeypatch):
    """A commit that files follow must find them after a power cut."""
    from core.workspace import moves

    happened = []
    monkeypatch.setattr(moves.os, "fsync", lambda handle: happened.append(os.fstat(handle).st_size))
    monkeypatch.setattr(moves, "flush_folder", lambda folder: happened.append(folder.name))
    with StagedFiles(project.workspace) as staged:
        path = staged.add(b"12345")
        assert happened == [5]
        commit_without_moving(project, Move(path, "faces/Rei/a.jpg"))
        finish_moves(project.catalogue, project.workspace)
    assert happened == [5, "Rei"]


def test_each_staged_file_has_a_name_of_its_own_and_the_suffix_that_it_is_given(project):
    with StagedFiles(project.workspace) as staged:
        first, second = staged.add(b"1"), staged.add(b"png", ".png")
        assert (text(project, first), text(project, second)) == ("1", "png")
        assert [path.rpartition("/")[2] for path in (first, second)] == ["000001.jpg", "000002.png"]
    assert text(project, first) is None
    with StagedFiles(project.workspace):
        pass  # nothing staged, nothing to clear
    assert list((project.workspace.root / STAGING).iterdir()) == []


def test_a_moved_file_may_be_read_by_others_and_an_empty_folder_goes_with_it(project):
    put(project, "faces/Rei/a.jpg", "a")
    project.workspace.path("faces/Rei/a.jpg").chmod(0o600)
    put(project, "cache/deep/b.jpg", "b")
    moves = Move("faces/Rei/a.jpg", "faces/Asuka/a.jpg"), Move("cache/deep/b.jpg", "cache/b.jpg")
    commit_without_moving(project, *moves)
    assert finish_moves(project.catalogue, project.workspace) == 2
    assert finish_moves(project.catalogue, project.workspace) == 0
    assert project.workspace.path("faces/Asuka/a.jpg").stat().st_mode & 0o777 == 0o644
    assert not project.workspace.path("faces/Rei").exists()
    assert project.workspace.path("cache/deep").is_dir(), "only a character's folder goes"


def test_a_deleted_file_is_gone_and_one_that_is_in_the_way_twice_is_counted(project):
    put(project, "faces/Rei/a.jpg", "a")
    commit_without_moving(project, Move("faces/Rei/a.jpg"))
    assert recover(project.catalogue, project.workspace) == 1
    assert recover(project.catalogue, project.workspace) == 0
    assert text(project, "faces/Rei/a.jpg") is None
    for n in (1, 2):
        put(project, "faces/Rei/a.jpg", "somebody's")
        assert out_of_the_way(project.workspace, "faces/Rei/a.jpg") == [
            Move("faces/Rei/a.jpg", f"bin/replaced/{n}-faces-Rei-a.jpg")
        ]
        put(project, f"bin/replaced/{n}-faces-Rei-a.jpg", "earlier")
    assert out_of_the_way(project.workspace, "faces/Rei/b.jpg") == []


def test_while_another_writes_nothing_is_recovered(project):
    put(project, "faces/Rei/a.jpg", "a")
    commit_without_moving(project, Move("faces/Rei/a.jpg", "bin/a.jpg"))
    with write_lock(project.workspace):
        assert recover(project.catalogue, project.workspace) == 0
    assert text(project, "faces/Rei/a.jpg") == "a"
    assert recover(project.catalogue, project.workspace) == 1


def test_a_file_that_cannot_be_moved_is_told_and_moved_later(project):
    put(project, "faces/Rei/a.jpg", "a")
    put(project, "bin", "a file where a folder belongs")
    commit_without_moving(project, Move("faces/Rei/a.jpg", "bin/a.jpg"))
    with pytest.raises(WorkspaceError, match=r"faces/Rei/a\.jpg cannot be moved to bin/a\.jpg"):
        finish_moves(project.catalogue, project.workspace)
    project.workspace.path("bin").unlink()
    assert finish_moves(project.catalogue, project.workspace) == 1
    assert text(project, "bin/a.jpg") == "a"
