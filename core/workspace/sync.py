"""The only bridge between folders and catalogue: what was put in by hand is taken in, what vanished is reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from core.errors import PictureError
from core.imaging.hashes import perceptual, sha256
from core.imaging.names import has_system_part
from core.imaging.reading import read_bytes, read_picture
from core.workspace.catalogue import Catalogue, now
from core.workspace.decisions import crop_path, write_crop
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind, PictureState


@dataclass(frozen=True)
class SyncReport:
    """Paths (relative to the workspace) that were taken in, cut again, not readable, or have vanished."""

    pictures_taken_in: list[str] = field(default_factory=list)
    faces_taken_in: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


def sync(project: Project) -> SyncReport:
    """Compare folders and catalogue. Nothing is deleted and no decision is changed.

    New folders become characters, new files pictures or kept faces; a kept face without its file is found in the bin
    or cut again from its picture; a file that is gone and cannot be made again is reported every time.
    """
    report = SyncReport()
    _mend(project, report)
    _take_in(project, report)
    return report


def _mend(project: Project, report: SyncReport) -> None:
    pictures = {p.id: p for p in project.catalogue.pictures()}
    for picture in pictures.values():
        wanted = picture.kind == Kind.PICTURE and picture.path and picture.state != PictureState.REMOVED
        if wanted and not project.workspace.path(picture.path).exists():
            report.vanished.append(picture.path)
    fresh = {}
    for face in project.catalogue.faces(state=FaceState.KEPT):
        at = crop_path(project.workspace, face.path, face.state)
        if at is None or at.exists():
            continue
        binned = project.workspace.path(f"bin/{face.path}")
        source = pictures[face.picture_id]
        if binned.exists():
            at.parent.mkdir(parents=True, exist_ok=True)
            binned.replace(at)
            report.mended.append(face.path)
        elif source.kind == Kind.PICTURE and face.copy_of is None and project.workspace.path(source.path).exists():
            fresh[face.id] = write_crop(project.workspace, face, read_picture(project.workspace.path(source.path)))
            report.mended.append(face.path)
        else:
            report.vanished.append(face.path)
    project.catalogue.set_values("faces", fresh)


def _take_in(project: Project, report: SyncReport) -> None:
    known = {p.path.casefold() for p in project.catalogue.pictures()} | {
        f.path.casefold() for f in project.catalogue.faces()
    }
    for kind, top, taken in (
        (Kind.PICTURE, project.workspace.pictures, report.pictures_taken_in),
        (Kind.FACE, project.workspace.faces, report.faces_taken_in),
    ):
        for path in sorted(top.glob("*/*")) if top.is_dir() else []:
            relative = project.workspace.relative(path)
            if relative.casefold() in known or has_system_part(path.relative_to(top).parts) or not path.is_file():
                continue
            try:
                values = _about(path)
            except PictureError as error:
                report.unreadable.append(f"{relative}: {error}")
                continue
            _add(project.catalogue, kind, path, relative, values)
            taken.append(relative)


def _about(path: Path) -> dict:
    data = read_bytes(path)
    rgb = read_picture(data, name=path.name)
    height, width = rgb.shape[:2]
    return {"sha256": sha256(data), "phash": f"{perceptual(rgb):016x}", "width": width, "height": height}


def _add(catalogue: Catalogue, kind: str, path: Path, relative: str, values: dict) -> None:
    by_slug = {c.slug: c for c in catalogue.characters(removed=True)}
    character = by_slug.get(path.parent.name) or catalogue.add_character(path.parent.name)
    place_of = {"path": relative} if kind == "picture" else {}
    picture = catalogue.add_picture(character.id, kind=kind, source="by hand", fetched_at=now(), **place_of, **values)
    if kind == Kind.FACE:
        row = {"picture_id": picture.id, "character_id": character.id, "path": relative, "detector": "by hand"}
        row |= {"x": 0.0, "y": 0.0, "w": float(values["width"]), "h": float(values["height"]), "score": 1.0}
        row |= {"sha256": values["sha256"], "phash": values["phash"], "state": FaceState.KEPT}
        catalogue.add_faces([row], action=f"{relative} taken in", who="sync")
