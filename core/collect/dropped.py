"""A heap of files that was dropped on the app: laid into a folder, and looked at to say how to take it in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.atomic import write_bytes
from core.collect.importing import preview_import
from core.errors import PictureError
from core.imaging.files import files_in
from core.imaging.names import file_name_text
from core.imaging.reading import read_picture
from core.workspace.folders import LONGEST, slug, unique

SAMPLE = 24
"""So many pictures of a heap are looked at to tell faces from whole pictures."""
FACE_SIDE = 256
FACE_RATIO = 1.25
"""Pictures are taken for cut-out faces where nearly all are no larger and no longer than that."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """How a heap is to be taken in. path: a folder or a zip; kind: `pictures` or `faces`; unnamed: nobody's yet."""

    path: Path
    kind: str
    unnamed: bool
    pictures: int
    characters: int


def lay_out(files: Iterable[tuple[str, bytes]], folder: Path) -> Path:
    """Write files under the folder by their names, which may hold folders; no name leads out of it.

    Folders keep their names; a file whose name is taken gets a number.
    """
    taken: dict[Path, set[str]] = {}
    for name, data in files:
        parts = [part for part in map(_printable, name.replace("\\", "/").split("/")) if part.strip(". ")]
        place = folder.joinpath(*parts[:-1])
        last = PurePosixPath(parts[-1] if parts else "picture")
        there = taken.setdefault(place, set())
        file = unique(slug(last.stem), there, last.suffix.lower()[:6] if last.suffix[1:].isalnum() else "")
        there.add(file.casefold())
        place.mkdir(parents=True, exist_ok=True)
        write_bytes(place / file, data)
    return folder


def look_at(path: Path) -> Dropped:
    """What a folder or zip holds and how it is best taken in. Raises SourceError where it holds no picture.

    Where no folder says clearly whose the pictures are they are nobody's yet, and their faces are named later.
    """
    found = preview_import(path)
    unnamed = bool(found.question) or not any(found.characters)
    if unnamed:
        found = preview_import(path, unnamed=True)
    named = [name for name in found.characters if name]
    kind = "faces" if path.is_dir() and _are_faces(path) else "pictures"
    return Dropped(path, kind, unnamed, sum(found.characters.values()), len(named))


def _printable(part: str) -> str:
    """A part of a path without control characters; a folder's name is a character's, so all else stays."""
    return "".join(c for c in file_name_text(part) if c.isprintable())[:LONGEST].strip()


def _are_faces(folder: Path) -> bool:
    """Whether the pictures look like faces that were cut out: small, and about square."""
    files = list(files_in(folder))
    sizes = []
    for path in files[:: max(len(files) // SAMPLE, 1)][:SAMPLE]:
        try:
            height, width = read_picture(path).shape[:2]
        except PictureError:
            continue
        sizes.append((max(height, width), max(height, width) / min(height, width)))
    alike = sum(side <= FACE_SIDE and ratio <= FACE_RATIO for side, ratio in sizes)
    return bool(sizes) and alike >= 0.9 * len(sizes)
