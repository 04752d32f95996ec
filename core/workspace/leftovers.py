"""What may be deleted of a workspace: uploads that were read, what was kept of videos that were watched, and halves of
files that a killed process was writing; beside the workspaces, halves of folders that it was filling.

Nothing that a person decided is in it: pictures and faces were copied out of the uploads, and a video that is asked
about again is watched again.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.errors import WorkspaceError
from core.workspace.folders import Workspace

PLACES = ("uploads", "videos")
HALVES = ".part-*"
"""How files are called until they are whole (core.atomic)."""
HEAP = ".heap-"
"""How a folder begins in which dropped files are looked at before they belong to a workspace."""
HALF_FOLDERS = (f"{HEAP}*", ".incoming-*", ".part-*")
"""How folders beside the workspaces are called until they are whole, or their files have gone elsewhere."""
RECENT = 3600.0
"""Seconds for which an upload waits for the click that uses it. A job that watches a video writes its file every half
minute."""


@dataclass(frozen=True)
class Leftovers:
    """paths: files and folders of the cache to delete; bytes: their size; kept: how many others are in use or new."""

    paths: tuple[Path, ...] = ()
    bytes: int = 0
    kept: int = 0


def find_leftovers(workspace: Workspace, in_use: Iterable[str] = (), *, now: float | None = None) -> Leftovers:
    """What nobody needs now. in_use: the arguments of the jobs that run; what one of them names is kept, and so is
    whatever was written within the last hour. What lies behind a link is somebody's own and no leftover. now: seconds
    since 1970, for tests."""
    now = time.time() if now is None else now
    named = [_resolved(argument) for argument in in_use if argument and "\0" not in argument]
    paths, total, kept = [], 0, 0
    places = [place for place in (workspace.cache / name for name in PLACES) if not place.is_symlink()]
    halves = [half for place in (workspace.cache, workspace.models) for half in sorted(place.rglob(HALVES))]
    halves = [half for half in halves if not any(place in half.parents for place in places)]
    beside = sorted({workspace.root.parent, workspace.models.parent})
    halves += [half for place in beside for name in HALF_FOLDERS for half in sorted(place.glob(name))]
    for entry in [*(entry for place in places for entry in sorted(place.glob("*"))), *halves]:
        size, written = _measure(entry)
        if now - written < RECENT or _is_named(_resolved(entry), named):
            kept += 1
        else:
            paths.append(entry)
            total += size
    return Leftovers(tuple(paths), total, kept)


def delete_leftovers(found: Leftovers) -> None:
    """Delete what was found. Raises WorkspaceError where one cannot be deleted; what is gone already is passed over."""
    for path in found.paths:
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue
        except OSError as error:
            why = error.strerror or error
            raise WorkspaceError(f"{path} cannot be deleted: {why}. Delete it by hand, or try again.") from error


def _resolved(path: str | Path) -> Path:
    """Without links; unlike Path.resolve, it takes links that lead to themselves."""
    return Path(os.path.realpath(path))


def _is_named(entry: Path, named: Iterable[Path]) -> bool:
    return any(path == entry or entry in path.parents or path in entry.parents for path in named)


def _measure(entry: Path) -> tuple[int, float]:
    """Bytes, and when the newest file of it was written; a link counts as itself."""
    size, written = 0, 0.0
    inside = entry.rglob("*") if entry.is_dir() and not entry.is_symlink() else ()
    for path in (entry, *inside):
        try:
            about = path.lstat()
        except FileNotFoundError:
            continue  # deleted meanwhile
        size += 0 if path.is_dir() and not path.is_symlink() else about.st_size
        written = max(written, about.st_mtime)
    return size, written
