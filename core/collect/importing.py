"""Import: what lies in a folder or a zip already, a folder a character, as pictures or as faces; or a video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from core.collect.config import CollectConfig
from core.collect.folder import FolderSource
from core.collect.listing import LeftOut, Listing
from core.collect.origin import check_apart
from core.collect.owner import NOBODY, Owner, tried_for
from core.collect.pipeline import Wanted, collect
from core.collect.source import Query, SourceOptions, failed, open_source
from core.collect.status import CollectReport
from core.collect.video import VideoSource
from core.collect.zipped import ZipSource
from core.datasets.records import counted
from core.datasets.sidecars import offered_names
from core.errors import SourceError
from core.imaging.names import LONGEST_NAME, file_name_text
from core.progress import Reporter, silent
from core.video.kinds import is_video
from core.workspace.characters import add
from core.workspace.folders import checked_name
from core.workspace.history import IMPORT
from core.workspace.project import Project
from core.workspace.states import FetchOutcome, Kind, PictureState

Importable = FolderSource | ZipSource | VideoSource
LOOKED_AT = 2000
"""Pictures whose side files are read to offer names."""
KINDS = {"pictures": Kind.PICTURE, "picture": Kind.PICTURE, "faces": Kind.FACE, "face": Kind.FACE}


@dataclass(frozen=True)
class ImportPreview:
    """What an import would find: pictures of each character, what would be left out and why, and what is not clear."""

    characters: dict[str, int]
    """Of each character; nobody's yet under ""."""
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    question: str


def preview_import(
    path: Path,
    *,
    kind: str = "pictures",
    character: str = "",
    unnamed: bool = False,
    limit: int | None = None,
    into: Path | None = None,
) -> ImportPreview:
    """What lies in a folder or zip and what an import would make of it; nothing is taken in.

    Whose the pictures are may be the question. Raises what `prepare_import` raises for all else.
    """
    source = _open(path, into)
    _check_kind(source, kind)
    try:
        wanted = _characters(source, path, character, unnamed)
    except SourceError as error:
        if isinstance(source, VideoSource) or not source.listing.entries:
            raise
        return ImportPreview({}, source.listing.left_out, source.listing.notes(), str(error))
    counts = {name: sum(1 for _ in source.search(Query(name))) for name in wanted}
    counts = {name: n if limit is None else min(n, limit) for name, n in counts.items()}
    return ImportPreview(counts, source.listing.left_out, _notes(source, wanted), "")


@dataclass(frozen=True)
class PreparedImport:
    """A folder or zip that was opened and looked through, as what its pictures are taken in, and the names of those
    who are taken in."""

    source: Importable
    kind: Kind
    names: tuple[str, ...]


def prepare_import(
    path: Path, *, kind: str = "pictures", character: str = "", unnamed: bool = False, into: Path | None = None
) -> PreparedImport:
    """Open a folder or zip and decide whose pictures it holds, before anything is written.

    unnamed: all that lies in it is nobody's yet, folders or not. into: the folder of the workspace, there already or
    not. Raises SourceError where there is nothing to import, nobody to whom it belongs, or where it is that workspace
    itself; CatalogueError for a name that no character can have.
    """
    source = _open(path, into)
    checked = _check_kind(source, kind)
    return PreparedImport(source, checked, tuple(_characters(source, path, character, unnamed)))


def import_pictures(
    project: Project,
    path: Path | PreparedImport,
    *,
    kind: str = "pictures",
    limit: int | None = None,
    character: str = "",
    unnamed: bool = False,
    report: Reporter = silent,
) -> CollectReport:
    """Take in a folder, a zip or a video: at most `limit` of each character, in the order of their names.

    A folder in it is a character; a flat one needs `character`, or `unnamed`: nobody has said yet who is on them.
    Pictures that look alike are set aside; of faces only the same file twice is, for faces of one style look alike.
    Doing it again takes in only what is new. What was prepared knows its own kind and characters.
    Raises what `prepare_import` raises.
    """
    prepared = (
        path
        if isinstance(path, PreparedImport)
        else prepare_import(path, kind=kind, character=character, unnamed=unnamed)
    )
    source = prepared.source
    wanted = [_wanted(project, source, name, limit) for name in prepared.names]
    if prepared.kind == Kind.FACE:
        config = CollectConfig(kind=Kind.FACE, near=-1, min_side=16, give_up_after=1_000_000)
    else:
        config = CollectConfig(min_side=32, give_up_after=1_000_000)
    done = collect(project, wanted, [source], config, report=report)
    return replace(done, left_out=source.listing.left_out, notes=_notes(source, prepared.names))


def _open(path: Path, into: Path | None) -> Importable:
    if not path.exists():
        raise SourceError(f"{path} does not exist. Name a folder, a zip or a video.")
    name = "folder" if path.is_dir() else "video" if is_video(path) else "zip"
    source = open_source(name, SourceOptions(path=path))
    if into is not None:
        check_apart(into, [source])
    return cast("Importable", source)


def _check_kind(source: Importable, kind: str) -> Kind:
    """As what the pictures are taken in. Raises SourceError where they cannot be."""
    if kind not in KINDS:
        raise SourceError(f"{kind!r} is no kind of import. Choose pictures or faces.")
    if isinstance(source, VideoSource) and KINDS[kind] == Kind.FACE:
        raise SourceError("A video gives whole pictures, not faces. Import it with --kind pictures.")
    return KINDS[kind]


def _characters(source: Importable, path: Path, character: str, unnamed: bool) -> list[str]:
    """Whose pictures are taken in, "" for nobody's yet. Raises SourceError where there is no picture, or nobody to whom
    they belong."""
    name, listing, called = source.card.name, source.listing, file_name_text(path.name) or str(path)
    if not listing.entries and not isinstance(source, VideoSource):
        raise failed(name, f"{called} holds no picture that can be read{_what_else(listing)}.", "Name another.")
    if character and unnamed:
        raise SourceError(f"{name}: the pictures are either {character}'s or nobody's yet. Leave one of the two out.")
    if unnamed:
        return [""]
    if character:
        character = checked_name(character)
        if not isinstance(source, VideoSource):
            next(iter(source.search(Query(character))), None)  # raises where it has no folder for that character
        return [character]
    found = source.characters()
    if isinstance(source, VideoSource):
        what_to_do = "Name whose pictures they are with --character, or take them in with --unnamed."
        raise failed(name, f"{called} does not say who is on it.", what_to_do)
    if not found:
        what_to_do = (
            "Name whose pictures they are with --character, or take them in with --unnamed and name the faces later."
        ) + _offered(listing)
        raise failed(name, f"{called} has no folder for each character.", what_to_do)
    if listing.layout.question:
        what_to_do = "Name whose pictures they are with --character, or import one of the folders in it."
        raise failed(name, f"{called} is not clear: {listing.layout.question}", what_to_do)
    long = next((one for one in found if len(one) > LONGEST_NAME), "")
    if long:
        words = (
            f"The folder {long[:30]!r}... in {called} has a name of {len(long)} characters; a character's has at most"
        )
        raise failed(name, f"{words} {LONGEST_NAME}.", "Rename the folder.")
    return found


def _notes(source: Importable, names: Sequence[str]) -> tuple[str, ...]:
    """What was taken for granted about the folders; nothing where nobody asks them whose the pictures are."""
    return source.listing.notes() if any(names) else ()


def _offered(listing: Listing) -> str:
    """The names that the files beside the pictures give, offered."""
    names = offered_names(listing.beside(entry) for entry in listing.entries[:LOOKED_AT])
    if not names:
        return ""
    return f" The files beside the pictures say: {', '.join(f'{name} ({n})' for name, n in names)}."


def _what_else(listing: Listing) -> str:
    if not listing.left_out:
        return ""
    first = listing.left_out[0]
    return f", but {counted(len(listing.left_out), 'other file')} ({first.path}: {first.reason.rstrip('.')})"


def _wanted(project: Project, source: Importable, name: str, limit: int | None) -> Wanted:
    """What is there already, and as many of this path as are new, up to the limit."""
    character: Owner = add(project, name, who=IMPORT) if name else NOBODY
    catalogue = project.catalogue
    have = catalogue.counts("pictures", state=PictureState.KEPT).get(character.id, 0)
    tried = tried_for(catalogue, character)
    if isinstance(source, VideoSource):  # to count what is new in it would be to watch it twice
        taken = sum(source.owns(key) and outcome == FetchOutcome.KEPT for key, outcome in tried.items())
        return Wanted(name, limit=max(have + min(source.most, limit or source.most) - taken, 1))
    keys = [found.key for found in source.search(Query(name))]
    new = sum(key not in tried for key in keys)
    if limit is not None:
        new = min(new, max(limit - sum(tried.get(key) == FetchOutcome.KEPT for key in keys), 0))
    return Wanted(name, limit=max(have + new, 1))
