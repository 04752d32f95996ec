"""Where pictures come from: one small interface that every source answers, and the list of sources by name.

A source is asked with a Query and yields what it found, best first. It downloads nothing itself: the one
downloader does (core.collect.download), so limits, politeness and safety hold for all of them alike.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core.errors import SourceError
from core.imaging.boxes import Box
from core.plugins import refuse_taken
from core.settings import Settings

if TYPE_CHECKING:
    from core.collect.download import Downloader


@dataclass(frozen=True, slots=True)
class SourceCard:
    """What a source is and needs, in words for a person who chooses one."""

    name: str
    title: str
    returns: str
    """What comes back, in one sentence."""
    terms: str
    """Its terms of use, in one sentence."""
    network: bool = False
    key: str = ""
    """The login it can or must have; empty where none."""
    browser: bool = False
    takes: str = ""
    """What `--from` names for it: a folder, a zip, a video, a text file; empty where nothing."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for: the character, the words to search with, how many pictures are wanted."""

    character: str
    text: str = ""
    limit: int = 50
    beat: Callable[[], None] = field(default=lambda: None, compare=False, repr=False)
    """Called about every second by a source that lets one wait; it may raise Cancelled."""

    @property
    def words(self) -> str:
        """The words to search with: the query of the character's own without its tags, else its name."""
        return " ".join(w for w in self.text.split() if not w.startswith("tag:")) or self.character

    @property
    def tags(self) -> tuple[str, ...]:
        """What boards call the character: the words of the query that begin with `tag:`."""
        return tuple(w.removeprefix("tag:") for w in self.text.split() if w.startswith("tag:") and w != "tag:")


@dataclass(frozen=True, slots=True)
class KnownFace:
    """A face whose true place a source knows (a drawn picture does): box in picture pixels, name, pose."""

    box: Box
    name: str = ""
    pose: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Bytes that a source has itself, with the faces that it knows to be on them; `about`: further fields of the
    SearchHit that only reading the files told."""

    data: bytes
    faces: tuple[KnownFace, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One picture that a source found, with all it knows of where it came from.

    Either `picture_url` is fetched by the downloader, or `load` gives the bytes (files, uploads, drawn pictures).
    `key` names it for ever in the workspace's journal, so that it is never fetched twice.
    """

    source: str
    query: str = ""
    picture_url: str = ""
    page_url: str = ""
    title: str = ""
    author: str = ""
    licence: str = ""
    rating: str = ""
    tags: tuple[str, ...] = ()
    name: str = ""
    """A file name to store it under; empty: made from the address."""
    load: Callable[[], bytes | Loaded] | None = field(default=None, compare=False, repr=False)
    faces: tuple[KnownFace, ...] = ()
    group: str = ""
    """What pictures share that must never be split apart (versions of one picture); empty where not known."""

    @property
    def key(self) -> str:
        return self.picture_url


class Source(Protocol):
    """Anything that finds pictures of a character."""

    @property
    def card(self) -> SourceCard: ...

    def characters(self) -> list[str]:
        """The names that it has pictures of; empty where anybody may be asked for."""
        ...

    def search(self, query: Query) -> Iterator[SearchHit]:
        """Yield what is found, best first. Raises SourceError that names the source, what happened and what to do."""
        ...


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a source may be given when it is opened."""

    path: Path | None = None
    """The folder, zip or text file that `--from` names."""
    base_url: str = ""
    """Another server that speaks the same language (a board, a stand-in)."""
    uploads: tuple[tuple[str, bytes], ...] = ()
    seed: int = 0
    cast: int = 8
    """How many drawn characters belong together; they now and then stand side by side."""
    any_rating: bool = False
    """False: only what the board or engine calls safe."""
    downloader: Downloader | None = None
    settings: Settings = field(default_factory=Settings)


NETWORK = ("bing", "duckduckgo", "danbooru", "safebooru", "gelbooru", "moebooru", "google", "urls")
LOCAL = ("drawn", "folder", "zip", "video", "upload")

MODULES = {
    "drawn": "drawn",
    "folder": "folder",
    "zip": "zipped",
    "video": "video",
    "upload": "upload",
    "urls": "urls",
    "bing": "engines",
    "duckduckgo": "engines",
    "danbooru": "boards",
    "safebooru": "boards",
    "gelbooru": "boards",
    "moebooru": "boards",
    "google": "google",
}
"""Which module of core.collect answers for a name; it is imported only when asked for.

Each has CARDS (name -> SourceCard) and open_source(name, options) -> Source.
"""


@dataclass(frozen=True)
class _Provider:
    """What opens sources: a module of core.collect, or a plugin."""

    CARDS: dict[str, SourceCard]
    open_source: Callable[[str, SourceOptions], Source]


_added: dict[str, _Provider] = {}


def register_source(card: SourceCard, open_source: Callable[[str, SourceOptions], Source]) -> None:
    """Add a source: its card, and the function that opens it. Raises PluginError where the name is taken."""
    refuse_taken("source", card.name, names())
    _added[card.name] = _Provider({card.name: card}, open_source)


def added_names() -> list[str]:
    """The sources that plugins brought."""
    return list(_added)


def names() -> list[str]:
    """All sources, those without the network first, those of plugins last."""
    return [*LOCAL, *NETWORK, *_added]


def card(name: str) -> SourceCard:
    """The card of a source. Raises SourceError for an unknown name."""
    return _provider(name).CARDS[name]


def cards() -> list[SourceCard]:
    """The cards of all sources."""
    return [card(name) for name in names()]


def open_source(name: str, options: SourceOptions | None = None) -> Source:
    """The source of that name, ready to search. Raises SourceError for an unknown name or a missing option."""
    return _provider(name).open_source(name, options or SourceOptions())


def failed(source: str, what: str, then: str) -> SourceError:
    """A SourceError in our form: who, what happened, what to do next."""
    return SourceError(f"{source}: {what} {then}")


def need_path(source: str, options: SourceOptions, what: str) -> Path:
    """The path that `--from` named. Raises SourceError where there is none, or where it does not exist."""
    if options.path is None:
        raise failed(source, f"no {what} was named.", f"Name one with --from {what.upper().replace(' ', '_')}.")
    if not options.path.exists():
        raise failed(source, f"{options.path} does not exist.", f"Name an existing {what} with --from.")
    return options.path


def _provider(name: str) -> _Provider:
    if name in _added:
        return _added[name]
    if name not in MODULES:
        raise SourceError(f"There is no source {name!r}. There are: {', '.join(names())}.")
    module = importlib.import_module(f"core.collect.{MODULES[name]}")
    return _Provider(module.CARDS, module.open_source)
