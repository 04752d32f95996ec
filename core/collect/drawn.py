"""Drawn characters as a source: endless pictures of an endless cast, with their true boxes, and no network."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from core.collect.source import KnownFace, Loaded, Query, SearchHit, Source, SourceCard, SourceOptions
from core.imaging.reading import encode_jpeg

if TYPE_CHECKING:
    from core.drawn import Character

CARD = SourceCard(
    name="drawn",
    title="Drawn characters",
    returns="Pictures of characters that the app draws itself, as many as you like, with the true place of each face.",
    terms="Made on this machine: free to use.",
)
CARDS = {CARD.name: CARD}


def open_source(name: str, options: SourceOptions) -> Source:
    """The cast of the seed."""
    return DrawnSource(options.seed, options.cast)


@dataclass(frozen=True)
class DrawnSource:
    """`cast` characters of a seed; a name that is not among them gets a character of its own, drawn by its name."""

    seed: int = 0
    cast: int = 8

    @property
    def card(self) -> SourceCard:
        return CARD

    def characters(self) -> list[str]:
        """The names of the cast."""
        return [c.name for c in self._cast()]

    def search(self, query: Query) -> Iterator[SearchHit]:
        """Pictures of one character, numbered from 0, or of the cast in turn; drawn when they are asked for."""
        from core.drawn import draw

        others = self._cast()
        own = [c for c in others if c.name == query.character] or [self._stranger(query.character)]
        people = own if query.character else others

        def load(number: int) -> Loaded:
            picture = draw(people[number % len(people)], self.seed * 100_003 + number, others=others)
            faces = tuple(KnownFace(f.box, f.name, f.pose) for f in picture.faces)
            return Loaded(encode_jpeg(picture.pixels), faces)

        for number in range(10**6):
            yield SearchHit(
                source=CARD.name,
                query=query.character,
                picture_url=f"drawn:{self.seed}/{query.character}/{number}",
                author="drawn by this app",
                licence="CC0-1.0",
                rating="safe",
                name=f"drawn_{number + 1:03d}.jpg",
                load=partial(load, number),
            )

    def _cast(self) -> list[Character]:
        from core.drawn import cast

        return cast(self.cast, self.seed)

    def _stranger(self, name: str) -> Character:
        from core.drawn import cast

        return replace(cast(1, zlib.crc32(name.encode()))[0], name=name)
