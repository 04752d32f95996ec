"""Locks between processes: a job holds its step's lock for its whole run, a write the workspace's while it commits.

A lock is a file in `.locks/` that the operating system frees when its holder ends, however it ends. Beside it stands
who holds it, so that whoever is refused is told.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from io import FileIO
from pathlib import Path

from filelock import FileLock, Timeout

from core.documents import parse_json
from core.errors import WorkspaceError
from core.failures import naming
from core.workspace.folders import Workspace
from core.workspace.relocation import JOURNAL, is_moving

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FOLDER = ".locks"
WRITE = "write"
WAIT_SECONDS = 30.0
"""How long a write waits for another one's commit and moves."""
FAR_END = 2**31 - 2
"""The byte that is locked on Windows, where a locked one cannot be read: a file of answers is shorter."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: process id, the step in words, and since when (local time, HH:MM:SS)."""

    pid: int
    step: str
    since: str


@contextmanager
def step_lock(workspace: Workspace, step: str) -> Iterator[None]:
    """Hold a step's lock. Raises WorkspaceError at once, naming the holder, where it runs already."""
    with _locked(workspace, step, step, timeout=0):
        yield


@contextmanager
def write_lock(workspace: Workspace, *, timeout: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the workspace's lock for one write. Raises WorkspaceError, naming the holder, after `timeout` seconds."""
    with _locked(workspace, WRITE, "a change", timeout=timeout):
        yield


def holder(workspace: Workspace, name: str) -> Holder | None:
    """Who held a lock last; None where nobody ever did."""
    try:
        return Holder(**parse_json((workspace.root / FOLDER / f"{name}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def _locked(workspace: Workspace, name: str, step: str, *, timeout: float) -> Iterator[None]:
    folder = workspace.root / FOLDER
    _make_folder(workspace, folder)
    lock = FileLock(folder / f"{name}.lock", timeout=timeout, poll_interval=0.02)
    try:
        lock.acquire()
    except Timeout as error:
        raise WorkspaceError(_refusal(workspace, name, step)) from error
    try:
        _check_in_place(workspace, folder / f"{name}.lock")
        about = Holder(os.getpid(), step, datetime.now().strftime("%H:%M:%S"))
        told = folder / f"{name}.json"
        with naming(told):
            told.write_text(json.dumps(asdict(about)), encoding="utf-8")
        yield
    finally:
        lock.release()


def check_unused(workspace: Workspace) -> None:
    """Raises WorkspaceError, naming who does, where a step runs or something is written in the workspace just now."""
    for path in sorted((workspace.root / FOLDER).glob("*.lock")):
        lock = FileLock(path, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise WorkspaceError(_refusal(workspace, path.stem, path.stem)) from error
        lock.release()


def _make_folder(workspace: Workspace, folder: Path) -> None:
    """The folder of locks, in a workspace that is there: one that was renamed meanwhile is not made again."""
    try:
        folder.mkdir(exist_ok=True)
    except FileNotFoundError as error:
        raise WorkspaceError(_gone(workspace)) from error


def _check_in_place(workspace: Workspace, lock: Path) -> None:
    """Raises WorkspaceError where the workspace was moved, or begins to be, while this lock was waited for."""
    if is_moving(workspace.root):
        journal = workspace.root.parent / JOURNAL
        raise WorkspaceError(
            f"{workspace.name} is being renamed or moved just now. Try again in a moment. Where this stays so, "
            f"{journal} says which folders could not be moved."
        )
    if not lock.exists():
        raise WorkspaceError(_gone(workspace))


def _gone(workspace: Workspace) -> str:
    return f"The workspace {workspace.name} is not there any more: it was renamed or deleted. Open it by its new name."


def _refusal(workspace: Workspace, name: str, step: str) -> str:
    who = holder(workspace, name)
    by = f" (process {who.pid}, since {who.since})" if who else ""
    if name == WRITE:
        return f"Another process is changing {workspace.name}{by}. Try again when it is done."
    return f"{step} is running already in {workspace.name}{by}. Wait for it or cancel it."


def staging_lock(path: Path) -> FileLock:
    """The lock that says that the owner of a staging folder lives."""
    return FileLock(path, timeout=0)


def hold_file(file: FileIO) -> bool:
    """Hold an open file itself until it is closed, by this process or by its end; False where another one holds it.

    For a file outside workspaces, which others may read meanwhile, and beside which no second file is to lie. Where
    the file system knows no locks it is not held, and True.
    """
    try:
        if sys.platform == "win32":
            file.seek(FAR_END)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        pass
    return True
