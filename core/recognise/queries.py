"""What is asked about: files, folders with all that is below them, and zips, as pictures that are read when needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath

import numpy as np

from core.errors import PictureError
from core.imaging import formats
from core.imaging.archives import ZippedFile, is_zip, open_zip
from core.imaging.files import files_in, read_head
from core.imaging.names import file_name_text
from core.imaging.reading import read_picture
from core.settings import Settings


@dataclass(frozen=True)
class Query:
    """A picture that is asked about. name: how rows call it, one line; path: the file, or the zip that it is in;
    member: its path in the zip, "" for a file; key: its place in the zip."""

    name: str
    path: Path
    member: str = ""
    key: int = 0

    @property
    def file_name(self) -> str:
        """The picture's own name."""
        return PurePosixPath(self.member).name if self.member else self.path.name

    def data(self) -> bytes | None:
        """The bytes of a picture in a zip; None for a file. Raises PictureError where they cannot be had."""
        if not self.member:
            return None
        try:
            now = self.path.stat()
        except OSError as error:
            raise PictureError(f"{self.path} cannot be read: {error.strerror}.") from error
        file = _opened(self.path, now.st_mtime_ns, now.st_size).get((self.member, self.key))
        if file is None:
            raise PictureError(f"{self.name} is not there any more: the zip was changed. Ask again.")
        return _read(file)

    def read(self) -> np.ndarray:
        """Its pixels, uint8 HxWx3. Raises PictureError with the reason."""
        return read_picture(self.data() or self.path, name=self.name)


def find_queries(paths: Iterable[Path], *, outside: Collection[Path] = ()) -> list[Query]:
    """The pictures of files, folders (all below them) and zips, in order, each once.

    A file in a folder is asked about by its bytes or by its ending, so that one that cannot be read is told. outside:
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
            if formats.is_asked(file.name, _head(partial(read_head, file))):
                yield Query(_line(file), file)
    elif is_zip(path):
        yield from _in_zip(path)
    else:
        yield Query(_line(path), path)


def _in_zip(path: Path) -> Iterator[Query]:
    """Two files of one name, which a zip may hold, are told apart by a number."""
    seen: dict[str, int] = {}
    for file in _asked(open_zip(path)):
        name = f"{_line(path)}/{' '.join(file.path.split())}"
        seen[name] = n = seen.get(name, 0) + 1
        yield Query(name if n == 1 else f"{name} ({n})", path, file.path, file.key)


def unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes | PictureError]]:
    """A file that was given, itself; of a zip, the pictures in it, each with why it cannot be had where it cannot.

    Raises PictureError for a zip that cannot be opened, or holds no picture.
    """
    if not is_zip(data):
        yield name, data
        return
    files = _asked(open_zip(data, name))
    if not files:
        raise PictureError(f"There is no picture in {name}.")
    for file in files:
        try:
            yield file.parts[-1], _read(file)
        except PictureError as error:
            yield file.parts[-1], error


def _asked(files: Iterable[ZippedFile]) -> list[ZippedFile]:
    return [file for file in files if formats.is_asked(file.parts[-1], _head(file.head))]


def _read(file: ZippedFile) -> bytes:
    data = file.read(Settings().max_picture_bytes)
    if not data:
        raise PictureError(f"{file.parts[-1]} is empty.")
    return data


def _head(read: Callable[[], bytes]) -> bytes:
    """The first bytes; none where they cannot be had."""
    try:
        return read()
    except PictureError:
        return b""


@lru_cache(maxsize=1)
def _opened(path: Path, changed: int, size: int) -> dict[tuple[str, int], ZippedFile]:
    """The files of a zip as it is now, opened once for all: reading the list of 30,000 takes longer than any one."""
    return {(file.path, file.key): file for file in open_zip(path)}


def _line(path: Path) -> str:
    """A path as one line of text."""
    return " ".join(file_name_text(path).splitlines())
