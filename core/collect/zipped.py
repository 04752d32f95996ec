"""Pictures out of a zip, read in memory: nothing is unpacked to disk; sizes and ratios are bounded."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path, PurePosixPath

from core.collect.listing import Entry, Listing, list_entries, search_listing
from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, failed, need_path
from core.errors import PictureError
from core.imaging import formats
from core.imaging.files import read_head
from core.imaging.names import has_system_part
from core.imaging.zip_entries import LOCKED_FLAG, UNPACKING_ERRORS, cannot_be_opened, entry_names

CARD = SourceCard(
    name="zip",
    title="A zip file",
    returns="The pictures of the folder in the zip that is called like the character, in the order of their names.",
    terms="Your own files: whatever you may do with them.",
    takes="zip",
)
CARDS = {CARD.name: CARD}

MOST_ENTRIES = 200_000
HIGHEST_RATIO = 200
"""Unpacked over packed size; pictures hardly shrink, a bomb shrinks a thousandfold."""

DRIVE = re.compile(r"[A-Za-z]:")
"""A disk of Windows; `Re:Zero` is a name."""


def open_source(name: str, options: SourceOptions) -> Source:
    """The zip that `--from` names. Raises SourceError where it is none, is locked, or holds too many entries."""
    path = need_path(name, options, "zip").resolve()
    what = formats.kind(_head(name, path))
    if what in formats.ARCHIVES - {"a zip"} or what in formats.PICTURES:
        raise failed(name, f"{path.name} is {what}, not a zip.", formats.what_to_do(what))
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        words = f"{path.name} cannot be opened as a zip ({cannot_be_opened(error)})."
        raise failed(name, words, "Pack it again.") from error
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise failed(name, f"{path.name} holds {len(infos):,} entries; at most {MOST_ENTRIES:,} are read.", "Split it.")
    if sum(info.compress_size for info in infos) > path.stat().st_size:
        raise failed(name, f"The entries of {path.name} overlap, as in a zip bomb.", "It is not opened.")
    entries = tuple(_entries(path, infos))
    if entries and all(info.flag_bits & LOCKED_FLAG for info, _ in entries):
        what_to_do = "Unpack it with its password and import the folder."
        raise failed(name, f"{path.name} is a zip that is locked with a password.", what_to_do)
    return ZipSource(path, entries, options.settings.max_picture_bytes, archive)


@dataclass(frozen=True)
class ZipSource:
    """The entries of a zip with the parts of their names; each is read when it is asked for, by several threads."""

    path: Path
    entries: tuple[tuple[zipfile.ZipInfo, tuple[str, ...]], ...]
    most: int
    archive: zipfile.ZipFile = field(repr=False, compare=False)

    @property
    def card(self) -> SourceCard:
        return CARD

    @cached_property
    def listing(self) -> Listing:
        """The pictures in it, in the order of their paths, and what was left out."""
        return list_entries(self._listed())

    def characters(self) -> list[str]:
        """Names of the folders in it that hold a picture, sorted."""
        return list(self.listing.layout.characters)

    def search(self, query: Query) -> Iterator[SearchHit]:
        """The entries of the character's folder; all of them where the zip has no folders."""

        def nobody(there: str) -> str:
            return f"zip: {self.path.name} has no folder for {query.character!r}. It has: {there}."

        return search_listing(self.listing, query, CARD, self.path.as_uri(), nobody)

    def read(self, info: zipfile.ZipInfo, name: str) -> bytes:
        """The bytes of one entry. Raises PictureError where it is too large, packed too hard, locked or damaged."""
        if info.file_size > self.most:
            raise PictureError(f"{name} unpacks to {info.file_size:,} bytes; at most {self.most:,} are read.")
        if info.file_size > 1_000_000 and info.file_size > HIGHEST_RATIO * info.compress_size:
            raise PictureError(f"{name} is packed more than {HIGHEST_RATIO}-fold, as no picture is.")
        return self._read(info, name, self.most)  # whatever its header says

    def _read(self, info: zipfile.ZipInfo, name: str, size: int) -> bytes:
        if info.flag_bits & LOCKED_FLAG:
            raise PictureError(f"{name} is locked with a password. Unlock the zip first.")
        try:
            with self.archive.open(info) as stream:
                return stream.read(size)
        except NotImplementedError as error:
            raise PictureError(f"{name} is packed by a method that is not known ({error}). Pack it again.") from error
        except (OSError, *UNPACKING_ERRORS) as error:
            raise PictureError(f"{name} in {self.path.name} is damaged: {error}.") from error

    def _listed(self) -> Iterator[Entry]:
        seen: set[str] = set()
        for info, parts in sorted(self.entries, key=lambda entry: (entry[1], entry[0].header_offset)):
            key = f"zip:{self.path.as_uri()}!/{'/'.join(parts)}"
            key = key if key not in seen else f"{key}#{info.header_offset}"
            seen.add(key)
            yield Entry(parts, key, partial(self._read, info, parts[-1], 512), partial(self.read, info, parts[-1]))


def _entries(path: Path, infos: list[zipfile.ZipInfo]) -> Iterator[tuple[zipfile.ZipInfo, tuple[str, ...]]]:
    """Each file's entry and the parts of its name, decoded; folders and the system's own files are left out."""
    for info, name in zip(infos, entry_names(infos), strict=True):
        place = PurePosixPath(name.replace("\\", "/"))
        if not place.parts or name.endswith(("/", "\\")) or has_system_part(place.parts):
            continue
        if place.is_absolute() or ".." in place.parts or DRIVE.match(place.parts[0]):
            raise failed("zip", f"{path.name} holds the path {name!r}, which leads outside.", "It is not opened.")
        yield info, place.parts


def _head(name: str, path: Path) -> bytes:
    try:
        return read_head(path)
    except PictureError as error:
        raise failed(name, str(error), "Name a zip.") from error
