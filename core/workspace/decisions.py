"""Decisions about faces, and their files: the catalogue owns the decision, the folders follow.

`decide` records a change and then lets the files follow; `undo` and `redo` do the same backwards and forwards. A kept
face's crop lies at its path, a rejected one's under bin/; a crop that is nowhere is cut again from its picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from core.errors import PictureError
from core.imaging.boxes import Box
from core.imaging.framing import face_crop
from core.imaging.hashes import perceptual, sha256
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace.atomic import write_bytes
from core.workspace.catalogue import Catalogue, Edit
from core.workspace.folders import Workspace, unique
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind
from core.workspace.tables import Change, Character, Face, Picture

REASONS = ("other character", "figurine", "cosplay", "logo", "blurred", "not a face", "duplicate")
"""What a person may say when rejecting; any other words are allowed too."""


def keep(faces: Iterable[Face]) -> list[Edit]:
    """Edits that keep faces."""
    return [Edit("faces", f.id, {"state": FaceState.KEPT, "reason": ""}, f.revision) for f in faces]


def reject(faces: Iterable[Face], reason: str = "") -> list[Edit]:
    """Edits that reject faces, with the reason."""
    return [Edit("faces", f.id, {"state": FaceState.REJECTED, "reason": reason}, f.revision) for f in faces]


def reassign(project: Project, faces: Iterable[Face], character: Character) -> list[Edit]:
    """Edits that give faces to another character; each gets a free file name there."""
    taken = taken_paths(project.catalogue, character)
    edits = []
    for face in faces:
        if face.character_id == character.id:
            continue
        path = _free_path(character, Path(face.path).stem, taken)
        edits.append(Edit("faces", face.id, {"character_id": character.id, "path": path}, face.revision))
    return edits


def move_box(face: Face, box: Box) -> Edit:
    """The edit that puts a face's box elsewhere; the crop is cut again."""
    x, y, w, h = box.as_list()
    return Edit("faces", face.id, {"x": x, "y": y, "w": w, "h": h}, face.revision)


def new_face_path(catalogue: Catalogue, character: Character, picture: Picture, taken: set[str] | None = None) -> str:
    """A free `faces/<character>/<picture stem>_<i>.jpg`, i from 1. `taken` is added to, for many at once."""
    taken = taken_paths(catalogue, character) if taken is None else taken
    stem = Path(picture.path).stem or f"picture{picture.id}"
    i = 1
    while f"faces/{character.slug}/{stem}_{i}.jpg".casefold() in taken:
        i += 1
    path = f"faces/{character.slug}/{stem}_{i}.jpg"
    taken.add(path.casefold())
    return path


def taken_paths(catalogue: Catalogue, character: Character) -> set[str]:
    """Every path that a face of this character has or had, in lower case: names are never given twice."""
    return {f.path.casefold() for f in catalogue.faces(character_id=character.id)}


def decide(project: Project, action: str, edits: Sequence[Edit], *, who: str = "person") -> Change | None:
    """Record edits as one change and bring the files in line. None where nothing changed."""
    change = project.catalogue.change(action, edits, who=who)
    if change:
        move_files(project, change.edits, forward=True)
    return change


def undo(project: Project) -> Change | None:
    """Take back the newest change, files too. None where there is none."""
    change = project.catalogue.undo()
    if change:
        move_files(project, change.edits, forward=False)
    return change


def redo(project: Project) -> Change | None:
    """Make the last undone change again, files too. None where there is none."""
    change = project.catalogue.redo()
    if change:
        move_files(project, change.edits, forward=True)
    return change


def move_files(project: Project, edits: Sequence[dict], *, forward: bool) -> None:
    """Bring the files of edited pictures and faces in line with the catalogue."""
    old_key, new_key = ("before", "after") if forward else ("after", "before")
    for edit in edits:
        if edit["table"] == "pictures" and edit[old_key].get("path") and edit[new_key].get("path"):
            source, target = (
                project.workspace.path(edit[old_key]["path"]),
                project.workspace.path(edit[new_key]["path"]),
            )
            if source.exists() and not target.exists():
                _move(source, target)
    edits = [e for e in edits if e["table"] == "faces"]
    faces = {f.id: f for f in project.catalogue.faces(ids=[e["id"] for e in edits])}
    fresh: dict[int, dict] = {}
    pictures = _PictureReader(project)
    for edit in edits:
        face, old = faces[edit["id"]], edit[old_key]
        old_place = crop_path(project.workspace, old.get("path", face.path), old.get("state", face.state))
        new_place = crop_path(project.workspace, face.path, face.state)
        if any(key in old for key in "xywh") and face.copy_of is None:
            for stale in {old_place, new_place} - {None}:
                stale.unlink(missing_ok=True)
        if new_place is None:
            if old_place is not None and old_place.exists():
                if face.state == FaceState.REMOVED:
                    _move(old_place, project.workspace.path(f"bin/{face.path}"))
                else:  # a proposal again: its box may still move, so its crop is cut anew when it is kept
                    old_place.unlink()
            continue
        if new_place.exists():
            continue
        candidates = (old_place, project.workspace.path(f"bin/{face.path}"), project.workspace.path(face.path))
        there = next((p for p in candidates if p is not None and p.exists()), None)
        if there is not None:
            _move(there, new_place)
        elif face.state == FaceState.KEPT:
            fresh[face.id] = write_crop(project.workspace, face, pictures.of(face.picture_id))
    if fresh:
        project.catalogue.set_values("faces", fresh)


def crop_path(workspace: Workspace, path: str, state: str) -> Path | None:
    """Where a face's crop belongs; None for a proposal or a removed one, which have no file."""
    if not path:
        return None
    if state == FaceState.KEPT:
        return workspace.path(path)
    return workspace.path(f"bin/{path}") if state == FaceState.REJECTED else None


def write_crop(workspace: Workspace, face: Face, pixels) -> dict:
    """Cut a face's crop out of its picture's pixels and write it; returns its hashes as catalogue values."""
    crop = face_crop(pixels, face.box)
    data = encode_jpeg(crop)
    write_bytes(workspace.path(face.path), data)
    return {"sha256": sha256(data), "phash": f"{perceptual(crop):016x}"}


def face_pixels(project: Project, face: Face):
    """The crop of a face as uint8 RGB, from its file, or cut from its picture where it has none (a proposal)."""
    at = crop_path(project.workspace, face.path, face.state)
    if at is not None and at.exists():
        return read_picture(at)
    picture = project.catalogue.picture(face.picture_id)
    if picture.kind == Kind.FACE:
        raise PictureError(f"The file {face.path} of face {face.id} is gone and there is no picture to cut it from.")
    return face_crop(read_picture(project.workspace.path(picture.path)), face.box)


class _PictureReader:
    """Reads each picture once while its faces are cut."""

    def __init__(self, project: Project):
        self._project = project
        self._last: tuple[int, object] = (-1, None)

    def of(self, picture_id: int):
        if self._last[0] != picture_id:
            picture = self._project.catalogue.picture(picture_id)
            self._last = (picture_id, read_picture(self._project.workspace.path(picture.path)))
        return self._last[1]


def _free_path(character: Character, stem: str, taken: set[str]) -> str:
    path = unique(f"faces/{character.slug}/{stem}", taken, ".jpg")
    taken.add(path.casefold())
    return path


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
