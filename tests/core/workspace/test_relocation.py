"""Folders of workspaces move together or not at all, and never away under somebody who works in them."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from core.errors import WorkspaceError
from core.workspace import relocation
from core.workspace.locks import step_lock, write_lock
from core.workspace.relocation import JOURNAL, move_together
from core.workspace.workspaces import (
    copy_workspace,
    delete_workspace,
    deleted_workspaces,
    open_workspace,
    rename_workspace,
    restore_workspace,
    workspace_names,
)


@pytest.fixture
def run(workspace):
    """A run of the workspace `test`."""
    run = workspace.models / "run-1"
    run.mkdir(parents=True)
    return run


def test_a_rename_that_died_in_between_is_finished_by_the_next_look_at_the_workspaces(settings, workspace, run):
    data = settings.data_dir
    moves = [["test", "other"], ["models/test", "models/other"]]
    (data / JOURNAL).write_text(json.dumps(moves))
    workspace.root.rename(data / "other")
    assert workspace_names(settings) == ["other"]
    assert (open_workspace("other", settings).models / "run-1").is_dir()
    assert not workspace.models.exists()
    assert not (data / JOURNAL).exists()


def test_a_move_that_fails_is_taken_back_and_told(settings, workspace, run, monkeypatch):
    with monkeypatch.context() as patched:
        real, calls = Path.rename, []

        def second_fails(self, target):
            calls.append(self)
            if len(calls) == 2:
                raise OSError(errno.EACCES, "Permission denied")
            return real(self, target)

        patched.setattr(Path, "rename", second_fails)
        with pytest.raises(WorkspaceError, match="Permission denied"):
            rename_workspace(workspace, "other", settings)
    assert workspace_names(settings) == ["test"]
    assert run.is_dir()
    assert not (settings.data_dir / JOURNAL).exists()


@pytest.mark.parametrize("lock", [lambda w: step_lock(w, "crop"), write_lock])
def test_nothing_moves_away_under_a_step_or_a_write(settings, workspace, lock):
    for move in (lambda: rename_workspace(workspace, "other", settings), lambda: delete_workspace(workspace)):
        with lock(workspace), pytest.raises(WorkspaceError, match=f"process {os.getpid()}"):
            move()
    assert workspace_names(settings) == ["test"]
    assert rename_workspace(workspace, "other", settings).catalogue_path.exists()


def test_who_still_writes_under_the_old_name_is_told_and_makes_no_folder(settings, workspace):
    rename_workspace(workspace, "other", settings)
    with pytest.raises(WorkspaceError, match="renamed or deleted"), write_lock(workspace):
        pass
    assert not workspace.root.exists()


def test_a_step_does_not_begin_while_its_workspace_is_being_moved(settings, workspace):
    (settings.data_dir / JOURNAL).write_text(json.dumps([["test", "other"]]))
    with pytest.raises(WorkspaceError, match="being renamed or moved"), step_lock(workspace, "crop"):
        pass


def test_runs_that_lie_under_the_new_name_are_not_mixed_with_ours(settings, workspace, run):
    stray = settings.models / "other" / "run-9"
    stray.mkdir(parents=True)
    for make in (rename_workspace, copy_workspace):
        with pytest.raises(WorkspaceError, match="is not empty"):
            make(workspace, "other", settings)
    assert workspace_names(settings) == ["test"]
    assert run.is_dir()
    assert [path.name for path in stray.parent.iterdir()] == ["run-9"]


def test_what_is_on_another_disk_is_copied_whole(settings, workspace, run, monkeypatch):
    (run / "config.json").write_text("{}")
    real = Path.rename

    def across(self, target):
        if self == workspace.models:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", across)
    place = delete_workspace(workspace)
    assert (place / "models" / "run-1" / "config.json").read_text() == "{}"
    assert not workspace.models.exists()
    assert [path.name for path in place.iterdir() if path.name.startswith(".")] == []


def test_an_emptied_place_in_the_bin_is_not_listed(settings, workspace, run):
    place = delete_workspace(workspace)
    restore_workspace(place, settings)
    place.mkdir()
    assert deleted_workspaces(settings) == []


def test_a_journal_of_garbage_stops_nothing(settings, workspace):
    (settings.data_dir / JOURNAL).write_bytes(b"\xff{")
    assert workspace_names(settings) == ["test"]
    with write_lock(open_workspace("test", settings)):
        pass


def test_a_journal_outlives_a_data_folder_that_is_moved_itself(settings, workspace, tmp_path):
    data = settings.data_dir
    move_together(data, [(workspace.root, data / "other")])
    relocation._write(data, [(data / "other", data / "third")])
    moved = data.rename(tmp_path / "elsewhere")
    relocation.finish(moved)
    assert (moved / "third" / "catalogue.db").exists()
