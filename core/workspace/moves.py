"""Files staged and moved: written under `.staging/`, entered as pending moves with the rows, then moved into place.

A pending move is made by whoever writes next where its own process died. Making it twice does no harm.
"""

from __future__ import annotations

import os
import shutil
import threading
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout
from sqlalchemy import Connection, delete, insert, select

from core.atomic import flush_folder, let_all_read
from core.errors import WorkspaceError
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.folders import Workspace
from core.workspace.history import now
from core.workspace.locks import WAIT_SECONDS, staging_lock, write_lock
from core.workspace.one_of import one_of

STAGING = ".staging"
REPLACED = "bin/replaced"
"""Where a file goes that stands, unknown to the catalogue, where another one belongs."""


@dataclass(frozen=True, slots=True)
class Move:
    """A file's way, as paths in the workspace. target "": it is deleted, for it can be made again."""

    source: str
    target: str = ""


class StagedFiles:
    """Whole files that wait for their place. What nobody moved is deleted at the end."""

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self._name = uuid.uuid4().hex
        self._folder = workspace.root / STAGING / self._name
        self._lock = staging_lock(workspace.root / STAGING / f"{self._name}.lock")
        self._count = 0
        self._guard = threading.Lock()

    def add(self, data: bytes, suffix: str = ".jpg") -> str:
        """Write bytes, to the disk itself; returns their path in the workspace."""
        path = self._next(suffix)
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return self.workspace.relative(path)

    def _next(self, suffix: str) -> Path:
        with self._guard:
            if not self._count:
                self._folder.parent.mkdir(exist_ok=True)
                self._lock.acquire(timeout=WAIT_SECONDS)
                self._folder.mkdir()
            self._count += 1
            return self._folder / f"{self._count:06d}{suffix}"

    def close(self) -> None:
        """Delete what was not moved."""
        if self._count:
            _clear(self._folder)
            self._folder.with_suffix(".lock").unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> StagedFiles:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def record_moves(db: Connection, moves: Sequence[Move]) -> None:
    """Enter moves with the rows that they belong to."""
    if moves:
        at = now()
        db.execute(insert(t.pending_moves), [{"source": m.source, "target": m.target, "at": at} for m in moves])


def pending(catalogue: Catalogue) -> list[Move]:
    """The moves that are still to be made, in order."""
    with catalogue.reading() as db:
        rows = db.execute(select(t.pending_moves).order_by(t.pending_moves.c.id)).mappings()
        return [Move(row["source"], row["target"]) for row in rows]


def finish_moves(catalogue: Catalogue, workspace: Workspace) -> int:
    """Make every pending move, and forget it; returns how many there were. Under the workspace's lock."""
    with catalogue.reading() as db:
        rows = db.execute(select(t.pending_moves).order_by(t.pending_moves.c.id)).mappings().all()
    if not rows:
        return 0
    named = Counter(path for row in rows for path in (row["source"], row["target"]) if path)
    folders: set[Path] = set()
    for row in rows:
        folders |= _make(workspace, Move(row["source"], row["target"]))
        if max(named[row["source"]], named[row["target"]]) > 1:  # a later move meets this one's file: never twice
            _forget(catalogue, [row["id"]])
    for folder in folders:
        flush_folder(folder)
    _forget(catalogue, [row["id"] for row in rows])
    return len(rows)


def clear_leftovers(workspace: Workspace) -> None:
    """Delete staged files whose process has ended. Under the workspace's lock, after `finish_moves`."""
    folder = workspace.root / STAGING
    for path in folder.iterdir() if folder.is_dir() else ():
        lock_path = path.with_suffix(".lock")
        lock = staging_lock(lock_path)
        try:
            lock.acquire()
        except Timeout:
            continue
        _clear(lock_path.with_suffix(""))
        lock.release()
        lock_path.unlink(missing_ok=True)


def recover(catalogue: Catalogue, workspace: Workspace, *, timeout: float = 0) -> int:
    """Finish what a killed write had committed, and clear what it had staged; how many files moved.

    Nothing is done where another process writes just now: it has done so before it began.
    """
    if not pending(catalogue) and not list((workspace.root / STAGING).glob("*")):
        return 0
    try:
        with write_lock(workspace, timeout=timeout):
            done = finish_moves(catalogue, workspace)
            clear_leftovers(workspace)
            return done
    except WorkspaceError:
        return 0


def out_of_the_way(workspace: Workspace, path: str) -> list[Move]:
    """The move that frees a place where a file stands that the catalogue does not know."""
    if not workspace.path(path).exists():
        return []
    name, n = path.replace("/", "-"), 1
    while workspace.path(f"{REPLACED}/{n}-{name}").exists():
        n += 1
    return [Move(path, f"{REPLACED}/{n}-{name}")]


def _make(workspace: Workspace, move: Move) -> set[Path]:
    """Make a move where it is not made yet; the folders that it changed."""
    source = workspace.path(move.source)
    if not source.exists():
        return set()
    if not move.target:
        source.unlink()
        return {source.parent}
    target = workspace.path(move.target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        let_all_read(source)
        source.replace(target)
    except OSError as error:
        raise WorkspaceError(
            f"{move.source} cannot be moved to {move.target}: {error.strerror or error}. The change itself is saved; "
            f"the file follows with the next change once that is possible."
        ) from error
    _drop_if_empty(workspace, source.parent)
    return {target.parent}


def _drop_if_empty(workspace: Workspace, folder: Path) -> None:
    """Remove a character's folder with its last file: a renamed character leaves no empty one behind."""
    if folder.parent.name in ("pictures", "faces") and folder.is_relative_to(workspace.root):
        with suppress(OSError):
            folder.rmdir()


def _forget(catalogue: Catalogue, ids: Iterable[int]) -> None:
    with catalogue.writing() as db:
        db.execute(delete(t.pending_moves).where(one_of(t.pending_moves.c.id, list(ids))))


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
