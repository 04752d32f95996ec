"""Pictures out of a zip, read in memory: nothing is unpacked to disk; sizes and ratios are bounded."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from core.collect.folder import same_name
from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, failed, need_path
from core.errors import PictureError, SourceError

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


def open_source(name: str, options: SourceOptions) -> Source:
    """The zip that `--from` names. Raises SourceError where it is none, or holds too many entries."""
    path = need_path(name, options, "zip").resolve()
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise failed(name, f"{path.name} cannot be opened as a zip ({error}).", "Pack it again.") from error
    return ZipSource(path, tuple(_entries(path, archive)), options.settings.max_picture_bytes, archive)


@dataclass(frozen=True)
class ZipSource:
    """The entries of a zip by character; each is read when it is asked for, by several threads at once."""

    path: Path
    entries: tuple[str, ...]
    max_bytes: int
    archive: zipfile.ZipFile = field(repr=False, compare=False)

    @property
    def card(self) -> SourceCard:
        return CARD

    def characters(self) -> list[str]:
        """Names of the folders in it, sorted; a single folder around all of them is left out."""
        return sorted({character for character, _ in self._by_character() if character})

    def search(self, query: Query) -> Iterator[SearchHit]:
        """The entries of the character's folder; all of them where the zip has no folders."""
        there = self.characters()
        own = [c for c in there if same_name(c, query.character)]
        if there and not own:
            names = ", ".join(there[:20])
            raise SourceError(f"zip: {self.path.name} has no folder for {query.character!r}. It has: {names}.")
        for character, entry in self._by_character():
            if character in own or not there:
                yield SearchHit(
                    source=CARD.name,
                    query=query.character,
                    picture_url=f"zip:{self.path.as_uri()}!/{entry}",
                    page_url=self.path.as_uri(),
                    name=PurePosixPath(entry).name,
                    load=lambda e=entry: self.read(e),
                )

    def read(self, entry: str) -> bytes:
        """The bytes of one entry. Raises PictureError where it is too large, packed too hard, locked or damaged."""
        try:
            info = self.archive.getinfo(entry)
            if info.flag_bits & 1:
                raise PictureError(f"{entry} is locked with a password. Unlock the zip first.")
            if info.file_size > self.max_bytes:
                raise PictureError(f"{entry} unpacks to {info.file_size:,} bytes; at most {self.max_bytes:,} are read.")
            if info.file_size > 1_000_000 and info.file_size > HIGHEST_RATIO * max(info.compress_size, 1):
                raise PictureError(f"{entry} is packed more than {HIGHEST_RATIO}-fold, as no picture is.")
            with self.archive.open(info) as stream:
                data = stream.read(self.max_bytes + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError) as error:
            raise PictureError(f"{entry} in {self.path.name} is damaged: {error}.") from error
        if len(data) > self.max_bytes:
            raise PictureError(f"{entry} unpacks to more than {self.max_bytes:,} bytes. It is not read.")
        return data

    def _by_character(self) -> list[tuple[str, str]]:
        """(folder that names the character or "", entry), sorted by entry."""
        parts = {entry: PurePosixPath(entry).parts for entry in self.entries}
        around = 1 if len({p[0] for p in parts.values()}) == 1 and all(len(p) > 2 for p in parts.values()) else 0
        return sorted((p[around] if len(p) > around + 1 else "", entry) for entry, p in parts.items())


def _entries(path: Path, archive: zipfile.ZipFile) -> Iterator[str]:
    infos = archive.infolist()
    if len(infos) > MOST_ENTRIES:
        raise failed(
            "zip", f"{path.name} holds {len(infos):,} entries; at most {MOST_ENTRIES:,} are read.", "Split it."
        )
    for info in infos:
        place = PurePosixPath(info.filename.replace("\\", "/"))
        leaves = place.is_absolute() or ".." in place.parts or ":" in place.parts[0] if place.parts else True
        if info.is_dir() or any(part.startswith((".", "__MACOSX")) for part in place.parts if part != ".."):
            continue
        if leaves:
            raise failed(
                "zip", f"{path.name} holds the path {info.filename!r}, which leads outside.", "It is not opened."
            )
        yield info.filename
