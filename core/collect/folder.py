"""Pictures out of a folder: a sub-folder for each character, or one flat folder for a character that is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.collect.source import Query, SearchHit, Source, SourceCard, SourceOptions, failed, need_path
from core.errors import SourceError
from core.imaging.reading import read_bytes
from core.workspace.folders import slug

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


def same_name(a: str, b: str) -> bool:
    """Whether a folder's name is meant by a character's: compared as safe names, case aside, `_` and space alike."""
    return slug(a).casefold().replace("-", "_") == slug(b).casefold().replace("-", "_")


@dataclass(frozen=True)
class FolderSource:
    """Reads nothing until a picture is asked for."""

    path: Path

    @property
    def card(self) -> SourceCard:
        return CARD

    def characters(self) -> list[str]:
        """Names of the sub-folders that hold a file, sorted."""
        return [f.name for f in _folders(self.path) if next(_files(f), None)]

    def search(self, query: Query) -> Iterator[SearchHit]:
        """The files of the character's sub-folder; of the folder itself where it has no sub-folders."""
        own = [f for f in _folders(self.path) if same_name(f.name, query.character)]
        if not own and self.characters():
            there = ", ".join(self.characters()[:20])
            raise SourceError(f"folder: {self.path} has no sub-folder for {query.character!r}. It has: {there}.")
        for folder in own or [self.path]:
            for path in sorted(_files(folder), key=lambda p: p.as_posix()):
                yield SearchHit(
                    source=CARD.name,
                    query=query.character,
                    picture_url=path.as_uri(),
                    page_url=self.path.as_uri(),
                    name=path.name,
                    load=lambda p=path: read_bytes(p),
                )


def _folders(path: Path) -> list[Path]:
    return sorted(p for p in path.iterdir() if p.is_dir() and not p.name.startswith((".", "__")))


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
