"""What a folder or an archive holds: pictures by what their bytes say, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import PurePosixPath

from core.collect.layout import Layout, arrange
from core.collect.source import KnownFace, Loaded, Query, SearchHit, SourceCard
from core.errors import SourceError, WhoAmIError
from core.imaging import formats
from core.imaging.boxes import Box
from core.imaging.metadata import picture_regions, shown_size

_PICTURES = ".jpg .jpeg .jpe .jfif .png .apng .webp .gif .bmp .dib .tif .tiff .avif .heic .heif .jxl .jp2 .psd"
_SIDE = (
    ".txt .json .jsonl .xml .csv .tsv .yaml .yml .toml .ini .md .html .htm .url .webloc .lnk .npz .npy .caption .tags "
    ".log .py .ipynb .db .sqlite .safetensors .pt .pth .xmp"
)
PICTURE_ENDINGS = frozenset(_PICTURES.split())
SIDE_ENDINGS = frozenset(_SIDE.split())
"""What tools lay beside pictures; passed over and only counted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: the parts of its path as text, its key for ever, its first bytes, and how all of it is read."""

    parts: tuple[str, ...]
    key: str
    head: Callable[[], bytes]
    load: Callable[[], bytes]

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

    @cached_property
    def layout(self) -> Layout:
        return arrange([entry.parts for entry in self.entries])

    @property
    def loose(self) -> tuple[str, ...]:
        """Paths of pictures that lie beside the folders of the characters."""
        return tuple(self.entries[i].path for i in self.layout.loose) if self.layout.characters else ()

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
            notes.append(f"{self.side_files} side files (captions, metadata) were passed over.")
        return tuple(notes)


def list_entries(entries: Iterable[Entry]) -> Listing:
    """Look at the first bytes of every entry and keep the pictures."""
    pictures, left_out, side_files = [], [], 0
    for entry in entries:
        ending = PurePosixPath(entry.parts[-1]).suffix.lower()
        try:
            head = entry.head()
        except WhoAmIError as error:
            left_out.append(LeftOut(entry.path, str(error)))
            continue
        what = formats.kind(head)
        if what in formats.PICTURES:
            pictures.append(entry)
        elif ending in SIDE_ENDINGS or (ending not in PICTURE_ENDINGS and formats.is_side_file(what)):
            side_files += 1
        else:
            left_out.append(LeftOut(entry.path, _why(what)))
    return Listing(tuple(pictures), tuple(left_out), side_files)


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
            load=partial(_with_faces, entry.load),
        )


def _with_faces(load: Callable[[], bytes]) -> bytes | Loaded:
    """A file's bytes with the faces that its own metadata name (XMP regions, as photo programs write them)."""
    data = load()
    regions = picture_regions(data)
    if not regions:
        return data
    width, height = shown_size(data)
    faces = [KnownFace(Box.from_centre(r.x * width, r.y * height, r.w * width, r.h * height), r.name) for r in regions]
    return Loaded(data, tuple(faces))


def _why(what: str) -> str:
    if what == "nothing":
        return "It is empty."
    words = "of a kind that is not known" if what == "something else" else what
    return f"It is {words}. {formats.what_to_do(what)}"
