"""A zip that somebody gave: what it holds, by the same rules at every door. Nothing is unpacked to disk; sizes and
ratios are bounded."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from core.errors import PictureError
from core.imaging import formats
from core.imaging.files import read_head
from core.imaging.names import file_name_text, has_system_part
from core.imaging.zip_entries import LOCKED_FLAG, UNPACKING_ERRORS, cannot_be_opened, entry_names

MOST_ENTRIES = 200_000
HIGHEST_RATIO = 200
"""Unpacked over packed size; pictures hardly shrink, a bomb shrinks a thousandfold."""
SMALL = 1_000_000
"""Bytes up to which no ratio is asked about."""

DRIVE = re.compile(r"[A-Za-z]:")
"""A disk of Windows; `Re:Zero` is a name."""


@dataclass(frozen=True)
class ZippedFile:
    """A file in a zip. parts: of its path, as text; key: its place in the zip, which no other file has."""

    archive: zipfile.ZipFile = field(repr=False, compare=False)
    info: zipfile.ZipInfo = field(compare=False)
    parts: tuple[str, ...]
    key: int

    @property
    def path(self) -> str:
        return "/".join(self.parts)

    def head(self) -> bytes:
        """Its first bytes, enough to tell what it is. Raises PictureError where it is locked or damaged."""
        return self._read(512)

    def check(self, most: int) -> None:
        """Raises PictureError where it says itself that it holds more than `most` bytes, or is packed too hard."""
        size, name = self.info.file_size, self.parts[-1]
        if size > most:
            raise PictureError(f"{name} unpacks to {size:,} bytes; at most {most:,} are read.")
        if size > SMALL and size > HIGHEST_RATIO * self.info.compress_size:
            raise PictureError(f"{name} is packed more than {HIGHEST_RATIO}-fold, as no picture is.")

    def read(self, most: int) -> bytes:
        """Its bytes. Raises PictureError where they are more than `most`, packed too hard, locked or damaged."""
        self.check(most)
        return self._read(most)  # whatever its header says

    def _read(self, size: int) -> bytes:
        name = self.parts[-1]
        if self.info.flag_bits & LOCKED_FLAG:
            raise PictureError(f"{name} is locked with a password. Unlock the zip first.")
        try:
            with self.archive.open(self.info) as stream:
                return stream.read(size)
        except NotImplementedError as error:
            raise PictureError(f"{name} is packed by a method that is not known ({error}). Pack it again.") from error
        except (OSError, *UNPACKING_ERRORS) as error:
            raise PictureError(f"{name} is damaged: {error}.") from error


def is_zip(source: Path | bytes) -> bool:
    """Whether a file is a zip, one that unpacks itself included: a program with the zip behind it."""
    try:
        what = formats.kind(_head(source))
    except PictureError:
        return False
    return what == "a zip" or (what not in formats.PICTURES | formats.ARCHIVES and zipfile.is_zipfile(_file(source)))


def open_zip(source: Path | bytes, name: str = "") -> tuple[ZippedFile, ...]:
    """The files in a zip in the order of their paths; folders and the system's own files are left out. name: how it is
    called, where that is not its file's name.

    Raises PictureError where it is none, is locked as a whole, is made to fill memory, or has a path that leads
    outside.
    """
    name = name or (file_name_text(source.name) if isinstance(source, Path) else "The zip")
    what = formats.kind(_head(source))
    if what in formats.PICTURES:
        raise PictureError(f"{name} is {what}, not a zip. Give it as a picture, or the folder that it lies in.")
    if what in formats.ARCHIVES - {"a zip"}:
        raise PictureError(f"{name} is {what}, not a zip. {formats.what_to_do(what)}")
    try:
        archive = zipfile.ZipFile(_file(source))
        size = source.stat().st_size if isinstance(source, Path) else len(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        what_to_do = "It may be cut short, or something else: get it again, or name a folder or a zip."
        raise PictureError(f"{name} cannot be opened as a zip ({cannot_be_opened(error)}). {what_to_do}") from error
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise PictureError(f"{name} holds {len(infos):,} entries; at most {MOST_ENTRIES:,} are read. Split it.")
    if sum(info.compress_size for info in infos) > size:
        raise PictureError(f"The entries of {name} overlap, as in a zip bomb. It is not opened.")
    files = tuple(sorted(_files(name, archive), key=lambda file: (file.parts, file.key)))
    if files and all(file.info.flag_bits & LOCKED_FLAG for file in files):
        raise PictureError(
            f"{name} is a zip that is locked with a password. Unpack it with its password, then take the folder."
        )
    return files


def _files(name: str, archive: zipfile.ZipFile) -> Iterator[ZippedFile]:
    infos = archive.infolist()
    for info, entry in zip(infos, entry_names(infos), strict=True):
        place = PurePosixPath(entry.replace("\\", "/"))
        if not place.parts or entry.endswith(("/", "\\")) or has_system_part(place.parts):
            continue
        if place.is_absolute() or ".." in place.parts or DRIVE.match(place.parts[0]):
            raise PictureError(f"{name} holds the path {entry!r}, which leads outside. Unpack it and take the folder.")
        yield ZippedFile(archive, info, place.parts, info.header_offset)


def _head(source: Path | bytes) -> bytes:
    return source[:512] if isinstance(source, bytes) else read_head(source)


def _file(source: Path | bytes) -> Path | io.BytesIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source
