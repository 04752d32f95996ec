"""Where things are: the folders of a workspace, safe names in them, and paths that cannot leave."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path, PurePath

from core.errors import CatalogueError, WorkspaceError
from core.imaging.names import LONGEST_NAME, true_name

RESERVED = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(10)), *(f"lpt{i}" for i in range(10))}
LONGEST = 80
LONGEST_BYTES = 200
"""File systems allow 255 bytes a name, and a number and an ending come behind a slug."""


def checked_name(name: str) -> str:
    """A character's true name. Raises CatalogueError for one that is empty or too long."""
    name = true_name(name)
    if not name:
        raise CatalogueError("A character needs a name.")
    if len(name) > LONGEST_NAME:
        raise CatalogueError(
            f"A character's name has at most {LONGEST_NAME} characters; {name[:30]!r}... has {len(name)}."
        )
    return name


def slug(name: str, taken: Container[str] = ()) -> str:
    """A folder or file name that is safe on every system, made from a true name.

    NFKC, letters and digits of any script, `_` and `-` kept, all else becomes `_`; no reserved name of Windows;
    never equal to one of `taken` (lower-case names) even where case does not count: `_2`, `_3` is put behind.

    >>> slug("Rei / Ayanami?")
    'Rei_Ayanami'
    >>> slug("CON")
    'CON_'
    """
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"[^\w-]+", "_", text).strip("_")[:LONGEST]
    while len(text.encode()) > LONGEST_BYTES:
        text = text[:-1]
    text = text.strip("_") or "unnamed"
    if text.casefold() in RESERVED:
        text += "_"
    return unique(text, taken)


def unique(stem: str, taken: Container[str], suffix: str = "") -> str:
    """stem + suffix, or stem_2 + suffix ... : the first whose lower-case form is not taken."""
    candidate, n = stem, 1
    while f"{candidate}{suffix}".casefold() in taken:
        n += 1
        candidate = f"{stem}_{n}"
    return f"{candidate}{suffix}"


@dataclass(frozen=True)
class Workspace:
    """One cast of characters with all that belongs to it. `root` holds pixels and catalogue, `models` the runs."""

    name: str
    root: Path
    models: Path

    @property
    def pictures(self) -> Path:
        return self.root / "pictures"

    @property
    def faces(self) -> Path:
        return self.root / "faces"

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    @property
    def jobs(self) -> Path:
        return self.root / "jobs"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def catalogue_path(self) -> Path:
        return self.root / "catalogue.db"

    def path(self, relative: str) -> Path:
        """A path inside the workspace. Raises WorkspaceError for one that would leave it."""
        return inside(self.root, relative)

    def relative(self, path: Path) -> str:
        """The path as it stands in the catalogue: relative, with forward slashes."""
        return path.relative_to(self.root).as_posix()


def inside(root: Path, relative: str) -> Path:
    """root / relative, refused with WorkspaceError where it leads outside root."""
    path = root / relative
    if not _goes_straight(root, relative) and not path.resolve().is_relative_to(root.resolve()):
        raise WorkspaceError(f"The path {relative!r} leads outside {root.name}/ and is refused.")
    return path


def _goes_straight(root: Path, relative: str) -> bool:
    """Whether a path only goes down and passes no link, so that its target need not be looked for: a page asks for
    hundreds. On Windows a folder can be a link in ways that `is_symlink` does not tell."""
    at, down = root, PurePath(relative)
    if down.anchor or sys.platform == "win32":
        return False
    for part in down.parts:
        at = at / part
        if part == ".." or at.is_symlink():
            return False
    return True
