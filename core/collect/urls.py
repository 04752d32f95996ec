"""Pictures from a list of addresses in a text file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, failed, need_path
from core.errors import SourceError
from core.imaging import formats
from core.imaging.files import read_regular
from core.imaging.names import loose_key
from core.imaging.text import decode_text

CARD = SourceCard(
    name="urls",
    title="A list of addresses",
    returns="The pictures at the addresses in a text file, one a line; `[Name]` above a block says whose they are.",
    terms="Each address has the terms of its site; robots.txt is kept.",
    network=True,
    takes="text file",
)
CARDS = {CARD.name: CARD}

LARGEST = 20_000_000


def open_source(name: str, options: SourceOptions) -> Source:
    """The text file that `--from` names. Raises SourceError where it cannot be read."""
    path = need_path(name, options, "text file")
    data = read_regular(path, limit=LARGEST, error=SourceError)
    what = formats.kind(data[:512])
    if what in formats.PICTURES | formats.ARCHIVES:
        raise failed(name, f"{path.name} is {what}, not a list of addresses.", "Name a text file.")
    return UrlSource(path, tuple(parse(decode_text(data))))


def parse(text: str) -> list[tuple[str, str]]:
    """(character or "", address) for each line; empty lines and `#` comments are passed over.

    >>> parse("http://a/1.jpg\\n[Rei]\\nhttp://a/2.jpg  # side view")
    [('', 'http://a/1.jpg'), ('Rei', 'http://a/2.jpg')]
    """
    character, pairs = "", []
    for line in text.splitlines():
        line = line.partition(" #")[0].strip()
        if line.startswith("[") and line.endswith("]"):
            character = line[1:-1].strip()
        elif line and not line.startswith("#"):
            pairs.append((character, line))
    return pairs


@dataclass(frozen=True)
class UrlSource:
    """(character or "", address) pairs of a file."""

    path: Path
    pairs: tuple[tuple[str, str], ...]

    @property
    def card(self) -> SourceCard:
        return CARD

    def characters(self) -> list[str]:
        """The names in brackets, in the file's order."""
        return list(dict.fromkeys(name for name, _ in self.pairs if name))

    def search(self, query: Query) -> Iterator[SearchHit]:
        """The character's block, and the addresses above all blocks."""
        for name, address in self.pairs:
            if not name or not query.character or loose_key(name) == loose_key(query.character):
                yield SearchHit(CARD.name, query.words, address, page_url=self.path.resolve().as_uri())
