"""What a folder or an archive holds: pictures by what their bytes say, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import PurePosixPath

from core.collect.layout import Layout, arrange
from core.collect.source import KnownFace, Loaded, Query, SearchHit, SourceCard
from core.datasets.records import counted
from core.datasets.sidecars import Sidecar, beside, read_sidecars
from core.datasets.xmp import region_box
from core.errors import SourceError, WhoAmIError
from core.imaging import formats
from core.imaging.metadata import picture_regions, shown_size

_SIDE = (
    ".txt .json .jsonl .xml .csv .tsv .yaml .yml .toml .ini .md .html .htm .url .webloc .lnk .npz .npy .caption .tags "
    ".log .py .ipynb .db .sqlite .safetensors .pt .pth .xmp"
)
SIDE_ENDINGS = frozenset(_SIDE.split())
"""What tools lay beside pictures."""
TELLING_ENDINGS = frozenset((".json", ".txt", ".caption"))
"""Those among them that tell about the picture that they lie beside."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: the parts of its path as text, its key for ever, its first bytes, and how all of it is read."""

    parts: tuple[str, ...]
    key: str
    head: Callable[[], bytes]
    load: Callable[[], bytes]
    check: Callable[[], None] = lambda: None
    """Raises PictureError where `load` would refuse it by its size alone."""

    @property
    def path(self) -> str:
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not taken, and why, in words."""

    path: str
    reason: str


@dataclass(frozen=True)
class Listing:
    """The pictures of a folder or an archive, who they show, what was left out, and how many side files there were."""

    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...] = ()
    side_files: int = 0
    told: Mapping[str, Entry] = field(default_factory=dict)
    """The side files that may tell about a picture, by path."""

    def beside(self, entry: Entry) -> Sidecar:
        """What the files beside a picture say about it."""
        folder = entry.parts[:-1]
        files = [self.told.get("/".join((*folder, name))) for name in beside(entry.parts[-1])]
        read = []
        for file in files:
            try:
                read += [(file.parts[-1], file.load())] if file is not None else []
            except WhoAmIError:
                continue  # a note that cannot be read keeps no picture out
        return read_sidecars(read)

    @cached_property
    def layout(self) -> Layout:
        captions = sum(any(path in self.told for path in _captions(entry)) for entry in self.entries)
        return arrange([entry.parts for entry in self.entries], captioned=2 * captions > len(self.entries))

    @property
    def loose(self) -> tuple[str, ...]:
        """Paths of pictures that lie beside the folders of the characters."""
        return tuple(self.entries[i].path for i in self.layout.loose) if self.layout.characters else ()

    @cached_property
    def used(self) -> frozenset[str]:
        """Paths of the side files that lie beside a picture and are read with it."""
        near = ("/".join((*e.parts[:-1], name)) for e in self.entries for name in beside(e.parts[-1]))
        return frozenset(path for path in near if path in self.told)

    def notes(self) -> tuple[str, ...]:
        """What was taken for granted and what was passed over, a sentence each."""
        notes = list(self.layout.notes)
        if self.loose:
            shown = ", ".join(self.loose[:5]) + (" ..." if len(self.loose) > 5 else "")
            one = len(self.loose) == 1
            notes.append(
                f"{len(self.loose)} picture{'' if one else 's'} beside the characters' folders "
                f"{'was' if one else 'were'} left out: {shown}. Put {'it' if one else 'them'} into a folder."
            )
        if self.side_files:
            used = len(self.used)
            notes += [f"{_were(used)} read with the pictures beside them."] if used else []
            over = self.side_files - used
            notes += [f"{_were(over)} passed over."] if over else []
        return tuple(notes)


def list_entries(entries: Iterable[Entry]) -> Listing:
    """Look at the first bytes of every entry and keep the pictures."""
    pictures, left_out, side_files = [], [], 0
    told: dict[str, Entry] = {}
    for entry in entries:
        ending = PurePosixPath(entry.parts[-1]).suffix.lower()
        is_beside = ending.removeprefix(".") not in formats.PICTURE_ENDINGS
        try:
            what = formats.kind(entry.head())
            if what in formats.PICTURES:
                entry.check()
        except WhoAmIError as error:
            left_out.append(LeftOut(entry.path, str(error)))
            continue
        if what in formats.PICTURES:
            pictures.append(entry)
        elif ending in SIDE_ENDINGS or (is_beside and formats.is_side_file(what)):
            side_files += 1
            if ending in TELLING_ENDINGS:
                told[entry.path] = entry
        else:
            left_out.append(LeftOut(entry.path, _why(what)))
    return Listing(tuple(pictures), tuple(left_out), side_files, told)


def search_listing(
    listing: Listing, query: Query, card: SourceCard, page_url: str, nobody: Callable[[str], str]
) -> Iterator[SearchHit]:
    """The pictures of the folder that is called like the character, in the order of their paths; all of them where no
    folder names anybody, and where the pictures are nobody's yet. `nobody` words the error for a character without a
    folder."""
    layout = listing.layout
    if query.character and layout.characters and not layout.question:
        meant = layout.called(query.character)
        if not meant:
            raise SourceError(nobody(", ".join(list(layout.characters)[:20])))
        if len(meant) > 1:
            names = " and ".join(meant)
            raise SourceError(f"{card.name}: {query.character!r} may mean {names}. Write the name as the folder's.")
        chosen = [listing.entries[i] for i in layout.characters[meant[0]]]
    else:
        chosen = list(listing.entries)
    for entry in chosen:
        yield SearchHit(
            source=card.name,
            query=query.character,
            picture_url=entry.key,
            page_url=page_url,
            name=entry.parts[-1],
            load=partial(_with_facts, listing, entry),
        )


def _with_facts(listing: Listing, entry: Entry) -> bytes | Loaded:
    """A file's bytes with what the files beside it say, and the faces that its own metadata name (XMP regions)."""
    data = entry.load()
    side, regions = listing.beside(entry), picture_regions(data)
    keys = ("author", "rating", "title", "licence", "page_url")
    about: dict[str, object] = {key: value for key in keys if (value := getattr(side, key))}
    tags = (*side.tags, *([f"source:{side.source}"] if side.source else []))
    about |= {"tags": tags} if tags else {}
    if not regions:
        return Loaded(data, about=about) if about else data
    width, height = shown_size(data)
    faces = [KnownFace(region_box(region, width, height), region.name) for region in regions]
    return Loaded(data, tuple(faces), about)


def _captions(entry: Entry) -> list[str]:
    """Paths of the text files that may be a picture's caption."""
    folder = entry.parts[:-1]
    return ["/".join((*folder, name)) for name in beside(entry.parts[-1]) if name.endswith((".txt", ".caption"))]


def _were(n: int) -> str:
    return f"{counted(n, 'side file')} (captions, metadata) {'was' if n == 1 else 'were'}"


def _why(what: str) -> str:
    if what == "nothing":
        return "It is empty."
    words = "of a kind that is not known" if what == "something else" else what
    return f"It is {words}. {formats.what_to_do(what)}"
