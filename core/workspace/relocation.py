"""Whole folders moved as one: a journal beside the workspaces says what moves where, so that a killed move is finished.

    lock -> finish an earlier move -> write the journal -> check that nobody works there -> move -> delete the journal

A step or a write looks at the journal once it holds its lock (`locks.py`), and the mover at the locks once it has
written the journal: one of the two sees the other.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from core.atomic import flush_folder
from core.documents import parse_json
from core.errors import WorkspaceError

JOURNAL = ".moving.json"
LOCK = ".moving.lock"
WAIT_SECONDS = 30.0

FolderMove = tuple[Path, Path]
"""Where a folder (or file) lies, and where it goes."""


def move_together(data: Path, moves: Sequence[FolderMove], *, check: Callable[[], object] = lambda: None) -> None:
    """Move all of these, or none of them; killed in between, the next `finish` completes it.

    data: the folder of all workspaces, where the journal lies. check: raises where somebody still works in a folder.
    Raises WorkspaceError where a place is taken or a folder cannot be moved; then everything lies where it lay.
    """
    data.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(data / LOCK, timeout=WAIT_SECONDS):
            _finish(data)
            there = [(source, target) for source, target in moves if source.exists()]
            _free(there)
            _write(data, there)
            try:
                check()
                _make(there)
            except BaseException:
                _make([(target, source) for source, target in reversed(there)])
                _forget(data)
                raise
            _forget(data)
    except Timeout as error:
        raise WorkspaceError(
            "Another workspace is being renamed, copied or restored. Try again in a moment."
        ) from error
    except OSError as error:
        raise WorkspaceError(
            f"The workspace cannot be moved: {error.strerror or error}. Nothing was changed."
        ) from error


def finish(data: Path, *, timeout: float = 0) -> None:
    """Complete what a killed move left, where there is any, nobody moves just now, and the folders can be written."""
    if not (data / JOURNAL).exists():
        return
    with suppress(Timeout, OSError), FileLock(data / LOCK, timeout=timeout):
        _finish(data)


def is_moving(root: Path) -> bool:
    """Whether a workspace's folder is to be moved, or a move of it could not be finished."""
    if not (root.parent / JOURNAL).exists():
        return False
    paths = {path.resolve() for move in _read(root.parent) for path in move}
    return root.resolve() in paths | {path.parent for path in paths}


def _finish(data: Path) -> None:
    if (data / JOURNAL).exists():
        _make(_read(data))
        _forget(data)


def _free(moves: Sequence[FolderMove]) -> None:
    """Take away empty folders that stand where something goes. Raises WorkspaceError where one is not empty."""
    for _, target in moves:
        if target.is_dir() and not any(target.iterdir()):
            target.rmdir()
        elif target.exists():
            raise WorkspaceError(f"{target} is there already and is not empty. Move it away, or choose another name.")


def _make(moves: Sequence[FolderMove]) -> None:
    """Move what is not moved yet."""
    for source, target in moves:
        if not source.exists():
            continue
        if target.exists():
            if source.stat().st_dev != target.stat().st_dev:  # the rest of a copy to another disk
                shutil.rmtree(source)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            source.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _to_another_disk(source, target)
        for folder in {source.parent, target.parent}:
            flush_folder(folder)


def _to_another_disk(source: Path, target: Path) -> None:
    part = target.with_name(f".part-{uuid.uuid4().hex[:8]}-{target.name}")
    try:
        if source.is_dir():
            shutil.copytree(source, part, symlinks=True)
        else:
            shutil.copy2(source, part)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(source) if source.is_dir() else source.unlink()


def _write(data: Path, moves: Sequence[FolderMove]) -> None:
    """The journal, on the disk before anything moves; paths as seen from `data`, which may itself be moved one day."""
    part = data / f"{JOURNAL}.part"
    with part.open("w", encoding="utf-8") as file:
        json.dump([[_seen_from(data, path) for path in move] for move in moves], file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(data / JOURNAL)
    flush_folder(data)


def _read(data: Path) -> list[FolderMove]:
    """What the journal says; nothing where it cannot be read, for it is written before anything moves."""
    try:
        rows = parse_json((data / JOURNAL).read_text(encoding="utf-8"))
        return [(_at(data, source), _at(data, target)) for source, target in rows]
    except (OSError, ValueError, TypeError):
        return []


def _seen_from(data: Path, path: Path) -> str:
    try:
        return os.path.relpath(path, data)
    except ValueError:  # another drive
        return str(path.absolute())


def _at(data: Path, text: str) -> Path:
    return Path(os.path.normpath(data / text))


def _forget(data: Path) -> None:
    (data / JOURNAL).unlink()
    flush_folder(data)
