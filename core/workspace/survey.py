"""Folders and catalogue compared by content: a file is known by its sha256, wherever it lies. Nothing is changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import PictureError
from core.imaging.names import file_name_text, is_system_name
from core.workspace.folders import Workspace
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind, PictureState
from core.workspace.tables import Face, Picture

COPY_NAME = re.compile(r"_balancing(_\d+)?$")
"""How a balancing copy's stem ends."""
READERS = 4
"""Threads that read files."""


@dataclass(frozen=True)
class Survey:
    """What differs. Paths are relative to the workspace.

    pictures_gone, faces_gone: rows whose file is not at its place. faces_unhashed: kept faces without a sha256.
    replaced: path -> row id of pictures, whose file has another content. faces_changed: the same of faces.
    moved_pictures, moved_faces: a file that stands elsewhere -> the row that it belongs to. new_pictures, new_faces:
    files of nobody. duplicates: path -> the path of the same content. stray_copies: unknown files named like a
    balancing copy. unspeakable: files whose names are no text, as far as they can be read; they are left alone, and so
    are those `outside`, links that lead out of the workspace.
    """

    pictures_gone: list[Picture] = field(default_factory=list)
    faces_gone: list[Face] = field(default_factory=list)
    faces_unhashed: list[Face] = field(default_factory=list)
    replaced: dict[str, Picture] = field(default_factory=dict)
    faces_changed: dict[str, Face] = field(default_factory=dict)
    moved_pictures: dict[str, Picture] = field(default_factory=dict)
    moved_faces: dict[str, Face] = field(default_factory=dict)
    new_pictures: list[str] = field(default_factory=list)
    new_faces: list[str] = field(default_factory=list)
    duplicates: dict[str, str] = field(default_factory=dict)
    stray_copies: list[str] = field(default_factory=list)
    unspeakable: list[str] = field(default_factory=list)
    outside: frozenset[str] = frozenset()


def survey(project: Project) -> Survey:
    """Compare every file under pictures/ and faces/ with the catalogue."""
    digests, outside = _digests(project.workspace)
    unspeakable = [path for path in digests if file_name_text(path) != path]
    for path in unspeakable:
        del digests[path]
    found = Survey(unspeakable=[file_name_text(path) for path in unspeakable], outside=outside)
    _pictures(project, found, digests)
    _faces(project, found, digests)
    return found


def file_digest(path: Path) -> str:
    """sha256 of a file's bytes. Raises PictureError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror or error}.") from error


def is_copy_name(path: str) -> bool:
    """Whether a file is named like a balancing copy."""
    return COPY_NAME.search(Path(path).stem) is not None


def _digests(workspace: Workspace) -> tuple[dict[str, str], frozenset[str]]:
    """Relative path -> sha256 of every file a folder deep, "" for one that cannot be read; and those that are links out
    of the workspace, or lie in one."""
    paths = [
        path
        for top in (workspace.pictures, workspace.faces)
        for path in (sorted(top.glob("*/*")) if top.is_dir() else [])
        if not is_system_name(path.name) and not is_system_name(path.parent.name) and path.is_file()
    ]

    def digest(path: Path) -> str:
        try:
            return file_digest(path)
        except PictureError:
            return ""

    outside = [path for path in paths if _leads_out(workspace, path)]
    if outside:
        paths = sorted(set(paths) - set(outside))
    with ThreadPoolExecutor(READERS) as pool:
        digests = dict(zip(map(workspace.relative, paths), pool.map(digest, paths), strict=True))
    return digests, frozenset(map(workspace.relative, outside))


def _leads_out(workspace: Workspace, path: Path) -> bool:
    if not any(part.is_symlink() for part in (path, path.parent, path.parent.parent)):
        return False
    return not path.resolve().is_relative_to(workspace.root.resolve())


def _pictures(project: Project, found: Survey, digests: dict[str, str]) -> None:
    rows = [p for p in project.catalogue.pictures(kind=Kind.PICTURE) if p.path]
    standing = [p for p in rows if p.state != PictureState.REMOVED]
    for picture in standing:
        if picture.path in digests:
            if picture.sha256 and digests[picture.path] not in ("", picture.sha256):
                found.replaced[picture.path] = picture
        elif picture.path not in found.outside and not project.workspace.path(picture.path).exists():
            found.pictures_gone.append(picture)
    strangers = _strangers("pictures/", digests, {p.path.casefold() for p in rows})
    gone = {p.sha256: p for p in found.pictures_gone if p.sha256}
    known = {p.sha256: p.path for p in standing if p.sha256 and p not in found.pictures_gone}
    for path in strangers:
        digest = digests[path]
        if digest in gone:
            found.moved_pictures[path] = gone.pop(digest)
        elif digest in known:
            found.duplicates[path] = known[digest]
        else:
            known[digest] = path
            found.new_pictures.append(path)
    moved = {p.id for p in found.moved_pictures.values()}
    found.pictures_gone[:] = [p for p in found.pictures_gone if p.id not in moved]


def _faces(project: Project, found: Survey, digests: dict[str, str]) -> None:
    rows = project.catalogue.faces()
    kept = [f for f in rows if f.state == FaceState.KEPT and f.path]
    for face in kept:
        if face.path in found.outside:
            continue
        if face.path not in digests:
            found.faces_gone.append(face)
        elif not face.sha256:
            found.faces_unhashed.append(face)
        elif digests[face.path] not in ("", face.sha256):
            found.faces_changed[face.path] = face
    held = {f.path.casefold() for f in kept}
    strangers = _strangers("faces/", digests, held)
    gone = {f.sha256: f for f in found.faces_gone if f.sha256 and f.copy_of is None}
    known = {f.sha256: f.path for f in kept if f.sha256 and f.path in digests and f.copy_of is None}
    for path in strangers:
        digest = digests[path]
        if is_copy_name(path):
            found.stray_copies.append(path)
        elif digest in gone:
            found.moved_faces[path] = gone.pop(digest)
        elif digest in known:
            found.duplicates[path] = known[digest]
        else:
            known[digest] = path
            found.new_faces.append(path)
    moved = {f.id for f in found.moved_faces.values()}
    found.faces_gone[:] = [f for f in found.faces_gone if f.id not in moved]


def _strangers(top: str, digests: dict[str, str], held: Iterable[str]) -> list[str]:
    held = set(held)
    return [path for path in digests if path.startswith(top) and path.casefold() not in held]
