"""Pictures that a person uploads in the browser: bytes with a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, failed
from core.imaging.hashes import sha256

CARD = SourceCard(
    name="upload",
    title="Upload",
    returns="The files that you drop on the page, for the character that is chosen there.",
    terms="Your own files: whatever you may do with them.",
    takes="",
)
CARDS = {CARD.name: CARD}


def open_source(name: str, options: SourceOptions) -> Source:
    """The uploaded files. Raises SourceError where there are none."""
    if not options.uploads:
        raise failed(
            name, "no file was uploaded.", "Drop files on the Collect page, or choose folder on the command line."
        )
    return UploadSource(options.uploads)


@dataclass(frozen=True)
class UploadSource:
    """(name, bytes) pairs."""

    uploads: tuple[tuple[str, bytes], ...]

    @property
    def card(self) -> SourceCard:
        return CARD

    def characters(self) -> list[str]:
        """None of its own: anybody may be asked for."""
        return []

    def search(self, query: Query) -> Iterator[SearchHit]:
        """Every uploaded file, whoever is asked for."""
        for name, data in self.uploads:
            address = f"upload:{sha256(data)[:16]}/{name}"
            yield SearchHit(CARD.name, query.character, address, name=name, load=partial(bytes, data))
