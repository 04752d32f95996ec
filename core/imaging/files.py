"""Files that people name: only regular ones are read, in bounds; and a folder's files, the system's own left out."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from core.errors import DataError, PictureError, WhoAmIError
from core.imaging.names import file_name_text, is_system_name

LARGEST_TEXT = 200_000_000
"""Bytes of a list, table or annotation file."""


def read_regular(path: Path, *, limit: int, error: type[WhoAmIError] = DataError) -> bytes:
    """The bytes of a regular file no larger than `limit`.

    A pipe, a device, a folder or a link that leads in a circle is refused, and none of them is waited for.
    Raises `error` in words.
    """
    name = file_name_text(path.name) or str(path)
    try:
        # Without O_NONBLOCK the opening of a named pipe would wait for whoever writes to it.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise error(f"{name} is {_not_regular(mode)}, not a file. Name a file.")
            check_size(name, os.fstat(file.fileno()).st_size, limit, error)
            data = file.read(limit + 1)
    except (OSError, ValueError) as problem:
        raise error(f"{name} cannot be read: {getattr(problem, 'strerror', None) or problem}.") from problem
    if len(data) > limit:
        raise error(f"{name} does not end within {limit:,} bytes.")
    return data


def check_size(name: str, size: int, limit: int, error: type[WhoAmIError] = DataError) -> None:
    """Raises `error` for a file of more bytes than are read."""
    if size > limit:
        raise error(f"{name} has {size:,} bytes; at most {limit:,} are read. Make it smaller.")


def read_head(path: Path, size: int = 512) -> bytes:
    """The first bytes of a regular file. Raises PictureError in words."""
    name = file_name_text(path.name)
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise PictureError(f"{name} is {_not_regular(mode)}, not a file.")
            return file.read(size)
    except (OSError, ValueError) as problem:
        raise PictureError(f"{name} cannot be read: {getattr(problem, 'strerror', None) or problem}.") from problem


def files_in(folder: Path, *, linked: bool = False) -> Iterator[Path]:
    """Every file below a folder in the order of the names, whatever it is; system files and folders are left out.

    Folders that are links are not entered, so that no circle is walked and no other part of the disk; with `linked`
    they are given like files, so that they can be told. Raises DataError where the folder itself cannot be listed.
    """
    try:
        left = _listed(folder)
    except OSError as error:
        raise DataError(f"The folder {file_name_text(folder)} cannot be read: {error.strerror or error}.") from error
    while left:
        entry = left.pop()
        if is_system_name(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            try:
                left += _listed(entry.path)
            except OSError:
                yield Path(entry.path)  # a folder that may not be entered is told like a file that cannot be read
        elif linked or not entry.is_symlink() or not _leads_to_folder(entry):
            yield Path(entry.path)


def _listed(folder: str | os.PathLike[str]) -> list[os.DirEntry[str]]:
    """What lies in a folder, the last name first."""
    return sorted(os.scandir(folder), key=lambda entry: entry.name, reverse=True)


def is_file(path: Path) -> bool:
    """Whether a regular file is there; also for a name made up that no file system allows."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def check_out(path: Path, *, what: str = "The result") -> Path:
    """Before long work: whether its result can be written there; the folder is made. Raises DataError in words."""
    if path.is_dir():
        raise DataError(f"{what} cannot be written to {path}: that is a folder. Name a file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            raise DataError(f"{what} cannot be written to {path}: that is no ordinary file. Name another.")
        if not os.access(path.parent, os.W_OK):
            raise DataError(f"{what} cannot be written to {path}: the folder is read-only. Name another.")
    except (OSError, ValueError) as error:
        raise DataError(
            f"{what} cannot be written to {path}: {getattr(error, 'strerror', None) or error}. Name another place."
        ) from error
    return path


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _not_regular(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return next((words for test, words in kinds if test(mode)), "a device")
