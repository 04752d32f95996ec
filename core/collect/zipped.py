"""Pictures out of a zip: see core.imaging.archives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from core.collect.listing import Entry, Listing, list_entries, search_listing
from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, need_path
from core.errors import PictureError, SourceError
from core.imaging.archives import ZippedFile, open_zip

CARD = SourceCard(
    name="zip",
    title="A zip file",
    returns="The pictures of the folder in the zip that is called like the character, in the order of their names.",
    terms="Your own files: whatever you may do with them.",
    takes="zip",
)
CARDS = {CARD.name: CARD}


def open_source(name: str, options: SourceOptions) -> Source:
    """The zip that `--from` names. Raises SourceError where it is none, or cannot be opened."""
    path = need_path(name, options, "zip").resolve()
    try:
        files = open_zip(path)
    except PictureError as error:
        raise SourceError(f"{name}: {error}") from error
    return ZipSource(path, files, options.settings.max_picture_bytes)


@dataclass(frozen=True)
class ZipSource:
    """The files in a zip; each is read when it is asked for, by several threads. most: bytes of one."""

    path: Path
    files: tuple[ZippedFile, ...]
    most: int

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

    def _listed(self) -> Iterator[Entry]:
        seen: set[str] = set()
        for file in self.files:
            key = f"zip:{self.path.as_uri()}!/{file.path}"
            key = key if key not in seen else f"{key}#{file.key}"
            seen.add(key)
            yield Entry(file.parts, key, file.head, partial(file.read, self.most), partial(file.check, self.most))
