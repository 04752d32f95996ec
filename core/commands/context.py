"""What every command gets and gives, and how it opens a workspace."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from core.commands.arguments import given
from core.errors import PictureError, WorkspaceError
from core.imaging import formats
from core.imaging.files import files_in, read_head
from core.progress import Reporter
from core.settings import Settings
from core.workspace.project import Project, open_project

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
    """What a command found: a JSON-able document, and the same in words."""

    document: Any
    text: str


def check_outputs(arguments: Any) -> None:
    """Refuse, before the work begins, a file that could not be written at its end. Raises WorkspaceError."""
    for one, path in given(arguments):
        if one.about.output and path is not None:
            _check_output(path, folder_too=one.about.output == "folder")


def _check_output(path: Path, *, folder_too: bool) -> None:
    if path.is_dir() and not folder_too:
        raise WorkspaceError(f"{path} is a folder. Name the file that is to be written, for example {path / 'out'}.")
    place = path if path.exists() else path.absolute().parent
    while not place.exists():
        place = place.parent
    if place != path and not place.is_dir():
        raise WorkspaceError(f"{path} cannot be written: {place} is a file, not a folder. Choose another place.")
    if not os.access(place, os.W_OK):
        raise WorkspaceError(f"{path} cannot be written: {place} is read-only. Choose another place.")


@dataclass(frozen=True)
class NoArguments:
    """The arguments of a command that needs only its workspace."""


def picture_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and the pictures (by what their bytes say) in the folders named, in order.

    Raises PictureError where there is none.
    """
    paths = list(paths)
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [file for file in files_in(path) if _is_picture(file)]
        elif path.exists():
            found.append(path)
        else:
            raise PictureError(f"{path} does not exist.")
    if not found:
        raise PictureError(f"There is no picture in {', '.join(map(str, paths))}.")
    return found


def _is_picture(path: Path) -> bool:
    try:
        return formats.is_picture(read_head(path))
    except PictureError:
        return False


def table(rows: Iterable[tuple[object, ...]], head: tuple[str, ...]) -> str:
    """Rows in aligned columns, for a terminal."""
    texts = [head, *[tuple(str(cell) for cell in row) for row in rows]]
    widths = [max(len(row[i]) for row in texts) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
