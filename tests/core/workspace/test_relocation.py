"""Folders of workspaces move together or not at all, and never away under somebody who works in them."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock

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
    assert not (data / JOURNAL).exists()
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


def test_the_journal_is_on_the_disk_before_anything_moves_and_the_folders_are_after_it(tmp_path, monkeypatch):
    """What a power cut leaves is finished, for it is known what was to be moved."""
    data = tmp_path / "deep" / "data"
    (data / "test").mkdir(parents=True)
    happened = []
    real = Path.rename

    def rename(self, target):
        happened.append("moved")
        return real(self, target)

    def fsync(handle):
        happened.append(os.fstat(handle).st_size > 0)

    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(relocation.os, "fsync", fsync)
    monkeypatch.setattr(relocation, "flush_folder", lambda folder: happened.append(folder.name))
    move_together(data, [(data / "test", data / "bin" / "other")])
    assert happened[:3] == [True, "data", "moved"], "the journal with what is in it, its folder, then the move"
    assert sorted(happened[3:5]) == ["bin", "data"]
    assert happened[5:] == ["data"], "and that the journal is gone"


def test_a_first_workspace_is_moved_into_a_data_folder_that_is_made(tmp_path):
    (tmp_path / "a").mkdir()
    move_together(tmp_path / "deep" / "data", [(tmp_path / "a", tmp_path / "deep" / "data" / "a")])
    assert (tmp_path / "deep" / "data" / "a").is_dir()


def test_files_and_links_reach_another_disk_as_they_are(tmp_path, monkeypatch):
    data, folder, file = tmp_path, tmp_path / "test", tmp_path / "log.txt"
    folder.mkdir()
    (folder / "x").write_text("x")
    (folder / "link").symlink_to("x")
    file.write_text("log")
    real = Path.rename

    def across(self, target):
        if self in (folder, file):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", across)
    move_together(data, [(folder, data / "other"), (file, data / "new" / "log.txt")])
    assert (data / "other" / "link").is_symlink()
    assert (data / "new" / "log.txt").read_text() == "log"
    assert not folder.exists()
    assert not file.exists()
    assert [path.name for path in data.rglob(".part-*")] == []


@pytest.mark.parametrize("another_disk", [True, False])
def test_what_was_copied_to_another_disk_is_deleted_here_and_nothing_else_is(tmp_path, monkeypatch, another_disk):
    source, target = tmp_path / "test", tmp_path / "other"
    source.mkdir()
    target.mkdir()
    relocation._write(tmp_path, [(source, target)])
    real = Path.stat

    def stat(self, **options):
        found = real(self, **options)
        return SimpleNamespace(st_dev=-1, st_mode=found.st_mode) if another_disk and self == source else found

    monkeypatch.setattr(Path, "stat", stat)
    relocation.finish(tmp_path)
    monkeypatch.undo()
    assert source.exists() is not another_disk
    assert not (tmp_path / JOURNAL).exists()


def test_who_moves_meanwhile_is_told(settings, workspace, monkeypatch):
    monkeypatch.setattr(relocation, "WAIT_SECONDS", 0)
    with (
        FileLock(settings.data_dir / relocation.LOCK),
        pytest.raises(WorkspaceError, match="Another workspace is being"),
    ):
        rename_workspace(workspace, "other", settings)
    assert workspace_names(settings) == ["test"]


def test_a_deletion_that_died_in_between_is_finished_by_the_next_look_into_the_bin(settings, workspace, run):
    moves = [["test", ".bin/test.1/data"], ["models/test", ".bin/test.1/models"]]
    (settings.data_dir / JOURNAL).write_text(json.dumps(moves))
    (place,) = deleted_workspaces(settings)
    assert (place / "models" / "run-1").is_dir()
    assert not workspace.root.exists()


def test_what_another_move_left_is_finished_first(settings, workspace, run):
    data = settings.data_dir
    (data / "a").mkdir()
    (data / JOURNAL).write_text(json.dumps([["test", "other"], ["models/test", "models/other"]]))
    move_together(data, [(data / "a", data / "b")])
    assert (data / "other" / "catalogue.db").is_file()
    assert (data / "b").is_dir()


def test_a_copy_to_another_disk_that_fails_leaves_no_part_of_it(settings, workspace, run, monkeypatch):
    real = Path.rename

    def across(self, target):
        if self == workspace.models:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return real(self, target)

    def full(source, target, **options):
        target.mkdir()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "rename", across)
    monkeypatch.setattr(relocation.shutil, "copytree", full)
    with pytest.raises(WorkspaceError, match="No space left on device"):
        delete_workspace(workspace)
    assert run.is_dir()
    assert workspace.catalogue_path.is_file()
    assert list(settings.data_dir.rglob(".part-*")) == []
