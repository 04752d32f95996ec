"""Two processes on one workspace: the second is told who works there, and nothing waits to read."""

from __future__ import annotations

import multiprocessing
import os
import sys

import pytest

from core.errors import WorkspaceError
from core.workspace.catalogue import Catalogue
from core.workspace.folders import Workspace
from core.workspace.locks import hold_file, holder, step_lock, write_lock


def _hold(root, connection):
    with step_lock(Workspace("test", root, root), "crop"), write_lock(Workspace("test", root, root)):
        connection.send("held")
        connection.recv()


@pytest.fixture
def elsewhere(workspace):
    """Another process that crops, and writes just now."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_hold, args=(workspace.root, there), daemon=True)
    process.start()
    assert here.poll(30)
    yield process
    process.kill()
    process.join(30)


def test_a_step_that_runs_elsewhere_is_refused_and_its_holder_named(workspace, elsewhere):
    with (
        pytest.raises(WorkspaceError, match=rf"crop is running already in test \(process {elsewhere.pid}, since"),
        step_lock(workspace, "crop"),
    ):
        pass
    with step_lock(workspace, "balance"):
        assert holder(workspace, "balance").pid == os.getpid()


def test_a_write_waits_for_another_one_and_says_whose(workspace, elsewhere):
    with (
        pytest.raises(WorkspaceError, match=f"Another process is changing test .process {elsewhere.pid}"),
        write_lock(workspace, timeout=0.1),
    ):
        pass


def test_readers_do_not_wait(workspace, elsewhere):
    with Catalogue(workspace.catalogue_path) as catalogue:
        assert catalogue.characters() == []


def test_a_holder_that_was_killed_holds_nothing(workspace, elsewhere):
    elsewhere.kill()
    elsewhere.join(30)
    with step_lock(workspace, "crop"), write_lock(workspace, timeout=5):
        assert holder(workspace, "crop").pid == os.getpid()


def test_a_file_is_held_until_it_is_closed_and_can_be_read_meanwhile(tmp_path):
    path = tmp_path / "answers"
    with path.open("a+b", buffering=0) as one, path.open("a+b", buffering=0) as other:
        assert hold_file(one)
        assert not hold_file(other)
        one.write(b"1")
        assert path.read_bytes() == b"1"
        one.close()
        assert hold_file(other)


@pytest.mark.skipif(sys.platform == "win32", reason="another call locks there")
def test_a_file_system_without_locks_is_no_reason_not_to_write(tmp_path, monkeypatch):
    def unknown(file, how):
        raise OSError(37, "No locks available")

    monkeypatch.setattr("core.workspace.locks.fcntl.flock", unknown)
    with (tmp_path / "a").open("a+b", buffering=0) as file:
        assert hold_file(file)
