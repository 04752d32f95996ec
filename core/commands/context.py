"""What every command gets and gives, and how it opens a workspace."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Generic, TypeVar

from core.commands.arguments import given
from core.errors import PictureError, WorkspaceError
from core.imaging import formats
from core.imaging.files import files_in, read_head
from core.progress import Reporter, silent, track
from core.settings import Settings
from core.workspace.project import Project, open_project
from core.workspace.workspaces import OWN

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True)
class Context(Generic[A]):
    """The command's arguments, the workspace's name ("" where none was given), the settings, and whom to tell of
    progress."""

    args: A
    workspace: str
    settings: Settings
    report: Reporter

    @contextmanager
    def opened(self, *, create: bool = False) -> Iterator[Project]:
        """The workspace that was named, opened."""
        with open_project(self.workspace, self.settings, create=create) as project:
            yield project

    def with_args(self, args: B) -> Context[B]:
        """The same workspace, settings and reporter for another command."""
        return replace(self, args=args)  # type: ignore[arg-type,return-value]


@dataclass(frozen=True)
class CommandResult:
    """What a command found: a JSON-able document, and the same in words. problem: why it counts as failed although
    there is something to show; "" where it does not."""

    document: Any
    text: str
    problem: str = ""


def none_readable(pictures: int, damaged: int, first: str) -> str:
    """The problem of a command none of whose pictures could be read, the first for this reason; "" where one could."""
    if damaged < max(pictures, 1):
        return ""
    return first if pictures == 1 else f"None of the {pictures:,} pictures could be read. The first: {first}"


def check_outputs(arguments: Any) -> None:
    """Refuse, before the work begins, a file that could not be written at its end, or that would take the place of
    what a workspace consists of. Raises WorkspaceError."""
    for one, path in given(arguments):
        if one.about.output and path is not None:
            _check_output(path, one.about.output)


def _check_output(path: Path, kind: str) -> None:
    """kind: `file` (whole or not at all), `rows` (written as they come, into a pipe too), or `folder` (or file)."""
    if path.is_dir() and kind != "folder":
        raise WorkspaceError(f"{path} is a folder. Name the file that is to be written, for example {path / 'out'}.")
    if kind != "rows" and path.exists() and not path.is_dir() and not path.is_file():
        raise WorkspaceError(f"{path} is a pipe or a device, no ordinary file. Choose another place.")
    owner = _workspace_around(path.absolute())
    if owner is not None:
        raise WorkspaceError(f"{path} belongs to the workspace {owner}, which would be damaged. Choose another place.")
    place = path if path.exists() else path.absolute().parent
    while not place.exists():
        place = place.parent
    if place != path and not place.is_dir():
        raise WorkspaceError(f"{path} cannot be written: {place} is a file, not a folder. Choose another place.")
    if not os.access(place, os.W_OK):
        raise WorkspaceError(f"{path} cannot be written: {place} is read-only. Choose another place.")


def _workspace_around(path: Path) -> str | None:
    """The name of the workspace that a file or folder is a part of; None for one outside, and for what it caches."""
    resolved = path.resolve()
    for folder in resolved.parents:
        if (folder / "catalogue.db").is_file():
            part = resolved.relative_to(folder).parts[0]
            own = part != "cache" and any(fnmatch(part, pattern) for pattern in OWN)
            return folder.name if own else None
    return None


@dataclass(frozen=True)
class NoArguments:
    """The arguments of a command that needs only its workspace."""


def picture_files(paths: Iterable[Path], report: Reporter = silent) -> list[Path]:
    """The files named, and the pictures in the folders named, in order: by what their bytes say, or by their ending, so
    that one that cannot be read is told.

    A folder may hold a million files: the report counts those that were looked at (stage `look`). Raises PictureError
    where there is none.
    """
    paths = list(paths)
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [file for file in track(files_in(path), report, "look") if _is_picture(file)]
        elif path.exists():
            found.append(path)
        else:
            raise PictureError(f"{path} does not exist.")
    if not found:
        raise PictureError(f"There is no picture in {', '.join(map(str, paths))}.")
    return found


def _is_picture(path: Path) -> bool:
    try:
        head = read_head(path)
    except PictureError:
        head = b""
    return formats.is_asked(path.name, head)


def table(rows: Iterable[tuple[object, ...]], head: tuple[str, ...]) -> str:
    """Rows in aligned columns, for a terminal."""
    texts = [head, *[tuple(str(cell) for cell in row) for row in rows]]
    widths = [max(len(row[i]) for row in texts) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
