"""Locks between processes: a job holds its step's lock for its whole run, a write the workspace's while it commits.

A lock is a file in `.locks/` that the operating system frees when its holder ends, however it ends. Beside it stands
who holds it, so that whoever is refused is told.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import WorkspaceError
from core.workspace.folders import Workspace

FOLDER = ".locks"
WRITE = "write"
WAIT_SECONDS = 30.0
"""How long a write waits for another one's commit and moves."""


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
        return Holder(**json.loads((workspace.root / FOLDER / f"{name}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def _locked(workspace: Workspace, name: str, step: str, *, timeout: float) -> Iterator[None]:
    folder = workspace.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{name}.lock", timeout=timeout, poll_interval=0.02)
    try:
        lock.acquire()
    except Timeout as error:
        raise WorkspaceError(_refusal(workspace, name, step)) from error
    try:
        about = Holder(os.getpid(), step, datetime.now().strftime("%H:%M:%S"))
        (folder / f"{name}.json").write_text(json.dumps(asdict(about)), encoding="utf-8")
        yield
    finally:
        lock.release()


def _refusal(workspace: Workspace, name: str, step: str) -> str:
    who = holder(workspace, name)
    by = f" (process {who.pid}, since {who.since})" if who else ""
    if name == WRITE:
        return f"Another process is changing {workspace.name}{by}. Try again when it is done."
    return f"{step} is running already in {workspace.name}{by}. Wait for it or cancel it."


def staging_lock(path: Path) -> FileLock:
    """The lock that says that the owner of a staging folder lives."""
    return FileLock(path, timeout=0)
