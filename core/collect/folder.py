"""Pictures out of a folder: a sub-folder for each character, or one flat folder for a character that is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from core.collect.listing import Entry, Listing, list_entries, search_listing
from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, failed, need_path
from core.errors import PictureError
from core.imaging.files import check_size, files_in, is_file, read_head
from core.imaging.names import file_name_text
from core.imaging.reading import read_bytes
from core.settings import current_settings

CARD = SourceCard(
    name="folder",
    title="A folder on this machine",
    returns="The pictures of the sub-folder that is called like the character, in the order of their names.",
    terms="Your own files: whatever you may do with them.",
    takes="folder",
)
CARDS = {CARD.name: CARD}


def open_source(name: str, options: SourceOptions) -> Source:
    """The folder that `--from` names. Raises SourceError where it is none."""
    path = need_path(name, options, "folder")
    if not path.is_dir():
        raise failed(name, f"{path} is not a folder.", "For a zip choose the source zip.")
    return FolderSource(path.resolve())


@dataclass(frozen=True)
class FolderSource:
    """Reads nothing until a picture is asked for, the first bytes of each file aside."""

    path: Path

    @property
    def card(self) -> SourceCard:
        return CARD

    @cached_property
    def listing(self) -> Listing:
        """The pictures in it, in the order of their paths, and what was left out."""
        return list_entries(self._entries())

    def characters(self) -> list[str]:
        """Names of the folders that hold a picture, sorted."""
        return list(self.listing.layout.characters)

    def search(self, query: Query) -> Iterator[SearchHit]:
        """The pictures of the character's sub-folder; all of them where no sub-folder names anybody."""

        def nobody(there: str) -> str:
            return f"folder: {self.path} has no sub-folder for {query.character!r}. It has: {there}."

        return search_listing(self.listing, query, CARD, self.path.as_uri(), nobody)

    def _entries(self) -> Iterator[Entry]:
        for path in files_in(self.path, linked=True):
            if path.is_dir():
                yield replace(self._entry(path), head=partial(_not_followed, path))
                continue
            yield self._entry(path)
            # waifuc hides what it knows of a picture in a file that else counts as the system's.
            meta = path.with_name(f".{path.stem}_meta.json")
            if is_file(meta):
                yield self._entry(meta)

    def _entry(self, path: Path) -> Entry:
        parts = tuple(file_name_text(part) for part in path.relative_to(self.path).parts)
        return Entry(parts, path.as_uri(), partial(read_head, path), partial(read_bytes, path), partial(_check, path))


def _check(path: Path) -> None:
    check_size(file_name_text(path.name), path.stat().st_size, current_settings().max_picture_bytes, PictureError)


def _not_followed(path: Path) -> bytes:
    what = "a link to a folder, which is not followed" if path.is_symlink() else "a folder that may not be entered"
    raise PictureError(f"It is {what}. Import the folder itself, or copy it here.")
