"""What is asked about: files, folders with all that is below them, and zips, as pictures that are read when needed."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

import numpy as np

from core.errors import PictureError
from core.imaging import formats
from core.imaging.files import files_in, read_head
from core.imaging.names import file_name_text, has_system_part
from core.imaging.reading import read_picture
from core.imaging.zip_entries import UNPACKING_ERRORS, cannot_be_opened, entry_names
from core.settings import Settings

HIGHEST_RATIO = 200
"""Unpacked over packed size of a file in a zip; pictures hardly shrink, a bomb shrinks a thousandfold."""


@dataclass(frozen=True)
class Query:
    """A picture that is asked about. name: how rows call it, one line; path: the file, or the zip that it is in;
    member: how the zip's reader knows it, "" for a file; called: its name in the zip as text, where that is another."""

    name: str
    path: Path
    member: str = ""
    called: str = ""

    @property
    def file_name(self) -> str:
        """The picture's own name."""
        return PurePosixPath(self.called or self.member).name if self.member else self.path.name

    def data(self) -> bytes | None:
        """The bytes of a picture in a zip; None for a file. Raises PictureError where they cannot be had."""
        return _unpacked(self.path, self.member, self.name) if self.member else None

    def read(self) -> np.ndarray:
        """Its pixels, uint8 HxWx3. Raises PictureError with the reason."""
        return read_picture(self.data() or self.path, name=self.name)


def find_queries(paths: Iterable[Path], *, outside: Collection[Path] = ()) -> list[Query]:
    """The pictures of files, folders (all below them) and zips, in order, each once.

    A file in a folder counts as a picture by its bytes, or by its ending, so that a damaged one is told. outside:
    folders that are written to; what lies in them is no query. Raises PictureError where there is none.
    """
    paths = list(paths)
    apart = [folder.resolve() for folder in outside]
    found: dict[str, Query] = {}
    for path in paths:
        if not path.exists():
            raise PictureError(f"{path} does not exist.")
        for query in _in(path):
            if not any(query.path.resolve().is_relative_to(folder) for folder in apart):
                found.setdefault(query.name, query)
    if not found:
        raise PictureError(f"There is no picture in {', '.join(map(str, paths))}.")
    return list(found.values())


def _in(path: Path) -> Iterator[Query]:
    if path.is_dir():
        for file in files_in(path):
            if _looks_like_a_picture(file):
                yield Query(_line(file), file)
    elif _kind(path) == "a zip":
        yield from _in_zip(path)
    else:
        yield Query(_line(path), path)


def _in_zip(path: Path) -> Iterator[Query]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            named = sorted(zip(entry_names(infos), infos, strict=True), key=lambda one: one[0])
            found = [(name.replace("\\", "/"), info) for name, info in named if not info.is_dir()]
            found = [(name, info) for name, info in found if not has_system_part(PurePosixPath(name).parts)]
            found = [one for one in found if _picture_ending(one[0]) or _begins_as_picture(archive, one[1])]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise PictureError(f"{path} cannot be opened as a zip ({cannot_be_opened(error)}). Pack it again.") from error
    for name, info in found:
        yield Query(f"{_line(path)}/{' '.join(name.split())}", path, info.filename, name)


def _begins_as_picture(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Whether an entry is a picture by its bytes; False where they cannot be had."""
    try:
        with archive.open(info) as stream:
            return formats.is_picture(stream.read(formats.ENOUGH))
    except (OSError, *UNPACKING_ERRORS):
        return False


def _unpacked(path: Path, member: str, name: str) -> bytes:
    most = Settings().max_picture_bytes
    try:
        now = path.stat()
        archive = _opened(path, now.st_mtime_ns, now.st_size)
        info = archive.getinfo(member)
        if info.flag_bits & 0x1:
            raise PictureError(f"{name} is locked with a password. Unlock the zip first.")
        packed_hard = info.file_size > 1_000_000 and info.file_size > HIGHEST_RATIO * info.compress_size
        if info.file_size > most or packed_hard:
            raise PictureError(f"{name} unpacks to {info.file_size:,} bytes, more than a picture has.")
        with archive.open(info) as stream:
            data = stream.read(most)  # whatever its header says
    except (OSError, *UNPACKING_ERRORS) as error:
        raise PictureError(f"{name} is damaged: {error}.") from error
    if not data:
        raise PictureError(f"{name} is empty.")
    return data


@lru_cache(maxsize=1)
def _opened(path: Path, changed: int, size: int) -> zipfile.ZipFile:
    """The zip as it is now, opened once for all its pictures: reading the list of 30,000 takes longer than any one."""
    return zipfile.ZipFile(path)


def _kind(path: Path) -> str:
    try:
        return formats.kind(read_head(path))
    except PictureError:
        return ""


def _looks_like_a_picture(path: Path) -> bool:
    return _kind(path) in formats.PICTURES or _picture_ending(path.name)


def _picture_ending(name: str) -> bool:
    return name.rpartition(".")[2].lower() in formats.ENDINGS


def _line(path: Path) -> str:
    """A path as one line of text."""
    return " ".join(file_name_text(path).splitlines())
