"""Folders and catalogue brought in line: what was put in by hand is taken in, what was moved is understood.

A moved file is a relabel, a renamed folder a rename once a person agrees, a second file of the same content a duplicate
that is reported.
Nothing is deleted, and what was deleted or replaced by hand is reported, not undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from core.errors import PictureError
from core.imaging.hashes import perceptual, sha256
from core.imaging.names import file_name_text
from core.imaging.reading import read_bytes, read_picture
from core.workspace import characters
from core.workspace.crops import UNNAMED
from core.workspace.faces import Acts, decide
from core.workspace.folders import slug
from core.workspace.history import SYNC
from core.workspace.locks import WAIT_SECONDS, step_lock
from core.workspace.moves import StagedFiles, recover
from core.workspace.project import Project
from core.workspace.recut import stage_crops
from core.workspace.states import CharacterState, FaceState, Kind, ReviewState
from core.workspace.survey import READERS, Survey, survey
from core.workspace.tables import Character, Face, Picture
from core.workspace.transaction import Transaction, transaction

TOGETHER = 200
"""New files that are taken in as one write."""


class Renames(StrEnum):
    """What becomes of a character's folder that bears another name now: a person is asked, and says one of the others.

    rename: the character bears the folder's name. new: its files belong to a new character of that name.
    """

    ASK = "ask"
    RENAME = "rename"
    NEW = "new"


@dataclass(frozen=True)
class SyncReport:
    """Paths (relative to the workspace) that were taken in, completed, not readable, or are gone.

    relabelled: files that a person moved to another character's folder. renamed: characters whose folder a person
    renamed ("old -> new"). asked: the same where nobody has agreed yet; nothing in these folders is touched.
    duplicates: files with the content of another ("file = other"), left out. replaced: pictures and faces with another
    content than they had. stray_copies: files named like a balancing copy, left out.
    """

    pictures_taken_in: list[str] = field(default_factory=list)
    faces_taken_in: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    relabelled: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    stray_copies: list[str] = field(default_factory=list)


def sync(project: Project, renames: Renames = Renames.ASK) -> SyncReport:
    """Compare folders and catalogue, and take over what a person did in the folders.

    New folders become characters, new files pictures or kept faces. What a killed write left is finished. A face that
    was never completed (no hash) is cut again; one whose file was deleted is reported every time.
    """
    report = SyncReport()
    with step_lock(project.workspace, "sync"):
        recover(project.catalogue, project.workspace, timeout=WAIT_SECONDS)
        found = survey(project)
        renamed = _renamed(project, found)
        if renames == Renames.RENAME and renamed:
            for character, folder in renamed:
                _make_safe(project, folder)
                characters.rename(project, character, folder)
                report.renamed.append(f"{character.name} -> {folder}")
            found = survey(project)
        elif renames == Renames.ASK:
            report.asked.extend(f"{character.name} -> {folder}" for character, folder in renamed)
            _leave_alone(found, {folder for _, folder in renamed})
        _relabel(project, found, report)
        _mend(project, found, report)
        for kind, paths in ((Kind.PICTURE, found.new_pictures), (Kind.FACE, found.new_faces)):
            for start in range(0, len(paths), TOGETHER):
                _take_in(project, kind, paths[start : start + TOGETHER], report)
    report.unreadable.extend(
        f"{path}: the bytes of its name are no text in UTF-8. Rename it." for path in found.unspeakable
    )
    report.unreadable.extend(
        f"{file_name_text(path)}: a link that leads out of the workspace. Put the file itself there."
        for path in sorted(found.outside)
    )
    report.duplicates.extend(f"{path} = {other}" for path, other in found.duplicates.items())
    report.replaced.extend([*found.replaced, *found.faces_changed])
    report.stray_copies.extend(found.stray_copies)
    return report


def _renamed(project: Project, found: Survey) -> list[tuple[Character, str]]:
    """Characters all of whose files lie in one folder that is nobody's, and that folder: they were renamed."""
    known = {c.slug.casefold() for c in project.catalogue.characters(removed=True)} | {UNNAMED}
    came_from: dict[str, set[str]] = defaultdict(set)
    moved: list[tuple[str, Picture | Face]] = [*found.moved_pictures.items(), *found.moved_faces.items()]
    for path, row in moved:
        came_from[_folder(path)].add(_folder(row.path))
    by_slug = {c.slug: c for c in project.catalogue.characters()}
    renamed = []
    for folder, sources in came_from.items():
        character = by_slug.get(next(iter(sources)))
        if folder.casefold() in known or len(sources) != 1 or character is None:
            continue
        if not _still_there(project, found, character, folder):
            renamed.append((character, folder))
    return renamed


def _leave_alone(found: Survey, folders: set[str]) -> None:
    """Pass over all files of these folders, until somebody has said whose they are."""
    for paths in (found.moved_pictures, found.moved_faces, found.duplicates):
        for path in [path for path in paths if _folder(path) in folders]:
            del paths[path]
    for new in (found.new_pictures, found.new_faces, found.stray_copies):
        new[:] = [path for path in new if _folder(path) not in folders]


def _still_there(project: Project, found: Survey, character: Character, folder: str) -> bool:
    """Whether a file of the character still lies in a folder of the kind that was renamed."""
    moved = [path for path in (*found.moved_pictures, *found.moved_faces) if _folder(path) == folder]
    tops = {path.partition("/")[0] for path in moved}
    return any(any((project.workspace.root / top / character.slug).glob("[!.]*")) for top in tops)


def _make_safe(project: Project, folder: str) -> None:
    """Give a folder the name that the catalogue will give it, where a person's choice is no safe one."""
    safe = slug(folder)
    for top in ("pictures", "faces"):
        there = project.workspace.root / top / folder
        if safe != folder and there.is_dir() and not there.with_name(safe).exists():
            there.rename(there.with_name(safe))


def _relabel(project: Project, found: Survey, report: SyncReport) -> None:
    acts = Acts()
    paths = [*found.moved_pictures, *found.moved_faces]
    owners = _owners(project, list(dict.fromkeys(_folder(path) for path in paths)))
    for path, picture in found.moved_pictures.items():
        owner = owners[_folder(path)]
        acts.set_picture(picture.id, path=path, character_id=None if owner is None else owner.id)
    for path, face in found.moved_faces.items():
        owner = owners[_folder(path)]
        acts.found_at(face, path, None if owner is None else owner.id)
    if acts:
        decide(project, f"{len(paths)} files moved by hand", acts, settle=False)
    report.relabelled.extend(paths)


def _mend(project: Project, found: Survey, report: SyncReport) -> None:
    report.vanished.extend(p.path for p in found.pictures_gone)
    never_cut = []
    for face in found.faces_gone:
        if project.workspace.path(f"bin/{face.path}").exists() or not face.sha256:
            never_cut.append(face)
        else:
            report.vanished.append(face.path)
    report.unreadable.extend(mend_hashes(project, [*found.faces_unhashed, *found.faces_changed.values()]))
    report.mended.extend(face.path for face in found.faces_unhashed)
    mended, failed = complete(project, never_cut)
    report.mended.extend(mended)
    report.vanished.extend(failed)


def mend_hashes(project: Project, faces: Sequence[Face]) -> list[str]:
    """Write down the hashes of the files that kept faces have; what could not be read, in words."""
    facts, unreadable = {}, []
    for face in faces:
        try:
            values = about(project.workspace.path(face.path))
        except PictureError as error:
            unreadable.append(f"{face.path}: {error}")
            continue
        facts[face.id] = {key: values[key] for key in ("sha256", "phash")}
    project.catalogue.set_values("faces", facts)
    return unreadable


def complete(project: Project, faces: Sequence[Face]) -> tuple[list[str], list[str]]:
    """Give kept faces their files again, from the bin or cut from their pictures: (paths made, paths that failed)."""
    made: list[str] = []
    failed: list[str] = []
    with StagedFiles(project.workspace) as staged:
        crops = stage_crops(project, ((f.id, {"state": FaceState.KEPT}) for f in faces), staged, lenient=True)
        with transaction(project, SYNC) as tx:
            for face in faces:
                done = tx.complete(face, crops.get(face.id))
                (made if done else failed).append(face.path)
    return made, failed


def _take_in(project: Project, kind: Kind, paths: Sequence[str], report: SyncReport) -> None:
    """Take in some files as one write; each stays a change of its own, which can be undone by itself.

    The characters of new folders are one change before.
    """
    with ThreadPoolExecutor(READERS) as pool:
        read = list(zip(paths, pool.map(lambda path: _about_or_say(project.workspace.path(path)), paths), strict=True))
    report.unreadable.extend(f"{path}: {error}" for path, error in read if isinstance(error, PictureError))
    readable = [(path, values) for path, values in read if not isinstance(values, PictureError)]
    owners = _owners(project, list(dict.fromkeys(_folder(path) for path, _ in readable)))
    with transaction(project, SYNC) as tx:
        for path, values in readable:
            owner = owners[_folder(path)]
            character_id = None if owner is None else owner.id
            if kind == Kind.PICTURE:
                tx.add_picture(values | {"character_id": character_id, "path": path, "source": "by hand"})
                report.pictures_taken_in.append(path)
            else:
                _take_in_face(tx, path, character_id, values)
                report.faces_taken_in.append(path)
            tx.record(f"{path} taken in")
            tx.edits = []


def _about_or_say(path: Path) -> dict[str, Any] | PictureError:
    try:
        return about(path)
    except PictureError as error:
        return error


def _take_in_face(tx: Transaction, path: str, character_id: int | None, values: dict[str, Any]) -> None:
    about_it = {key: values[key] for key in ("sha256", "phash")}
    picture = {"kind": Kind.FACE, "source": "by hand", "review": ReviewState.DONE, "character_id": character_id}
    picture_id = tx.add_picture(picture | values)
    face = {"picture_id": picture_id, "character_id": character_id, "path": path, "detector": "by hand", "score": 1.0}
    face |= {"w": float(values["width"]), "h": float(values["height"]), "state": FaceState.KEPT}
    tx.add_face(face | about_it, "")


def about(path: Path) -> dict[str, Any]:
    """sha256, phash, width and height of a picture file. Raises PictureError where it cannot be read."""
    data = read_bytes(path)
    rgb = read_picture(data, name=path.name)
    height, width = rgb.shape[:2]
    return {"sha256": sha256(data), "phash": f"{perceptual(rgb):016x}", "width": width, "height": height}


def _owners(project: Project, folders: Sequence[str]) -> dict[str, Character | None]:
    """The character of each folder; those that are new are added as one change. None for `unnamed`."""
    by_slug = {c.slug: c for c in project.catalogue.characters(removed=True)}
    there = {folder for folder in folders if folder in by_slug and by_slug[folder].state == CharacterState.ACTIVE}
    new = [folder for folder in folders if folder not in there and folder != UNNAMED]
    names = [by_slug[folder].name if folder in by_slug else folder for folder in new]
    added = characters.add_all(project, [{"name": name} for name in names], who=SYNC) if new else []
    return {UNNAMED: None, **{folder: by_slug[folder] for folder in there}, **dict(zip(new, added, strict=True))}


def _folder(path: str) -> str:
    return path.split("/")[1]
