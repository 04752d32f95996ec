"""Boxes that come from elsewhere, laid over the catalogue's faces: what to move, name, add and reject. One change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from core.crop.review import live_faces, merged
from core.imaging.boxes import Box
from core.workspace import decisions
from core.workspace.catalogue import Catalogue, Edit
from core.workspace.decisions import move_box, move_files, new_face_path, taken_paths
from core.workspace.project import Project
from core.workspace.states import FaceState, ReviewState
from core.workspace.tables import Character, Face

SAME = 0.5
"""IoU from which a box is taken for a face that is there already."""

EXACT = 0.05
"""Pixels: a smaller difference is rounding, not a correction."""


@dataclass(frozen=True, slots=True)
class PictureBox:
    """A box on a picture of the catalogue, in its pixels, and whose face it is ("": the picture's character)."""

    picture_id: int
    box: Box
    name: str = ""


@dataclass(frozen=True)
class ImportReport:
    """How many pictures were covered, faces left as they were, moved, renamed, added, rejected; what was not used."""

    pictures: int = 0
    same: int = 0
    moved: int = 0
    renamed: int = 0
    added: int = 0
    rejected: int = 0
    new_characters: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def merge_annotations(
    project: Project,
    boxes: Sequence[PictureBox],
    covered: Sequence[int],
    *,
    action: str,
    unknown: Sequence[str] = (),
    problems: Sequence[str] = (),
    incomplete: Collection[int] = (),
) -> ImportReport:
    """Make the faces of the covered pictures what the boxes say, as one recorded change that can be undone.

    A box is matched with the face of its picture that it overlaps most (IoU from 0.5), best pairs first. Matched faces
    are moved, renamed and kept; other boxes become new faces; faces without a box are rejected. The pictures are done.
    Where boxes of a picture could not be read (`incomplete`: picture ids), its faces without a box stay as they are.
    """
    known = {c.name for c in project.catalogue.characters()}
    new = sorted({b.name for b in boxes if b.name} - known)
    for name in new:
        project.catalogue.add_character(name)
    characters = {c.name: c for c in project.catalogue.characters()}
    pictures = {p.id: p for p in project.catalogue.pictures(ids=covered)}
    faces: dict[int, list[Face]] = {p: [] for p in pictures}
    for face in live_faces(project.catalogue, tuple(pictures)):
        faces[face.picture_id].append(face)
    by_picture: dict[int, list[PictureBox]] = {p: [] for p in pictures}
    for box in boxes:
        by_picture[box.picture_id].append(box)
    edits: list[Edit] = []
    rows: list[dict] = []
    counts = dict.fromkeys(("same", "moved", "renamed", "rejected"), 0)
    taken: dict[int, set[str]] = {}
    by_id = {c.id: c for c in project.catalogue.characters(removed=True)}
    for picture_id, picture in pictures.items():
        own = by_id[picture.character_id]
        pairs, fresh, gone = match_faces(by_picture[picture_id], faces[picture_id])
        for named, face in pairs:
            who = characters.get(named.name, own)
            edits += _edits(project, named, face, who, counts)
        if picture_id not in incomplete:
            edits += decisions.reject(gone, "no box for it in the import")
            counts["rejected"] += len(gone)
            edits.append(Edit("pictures", picture_id, {"review": ReviewState.DONE}))
        for named in fresh:
            who = characters.get(named.name, own)
            rows.append(_row(project.catalogue, named, who, picture, taken))
    _write(project, action, rows, merged(edits))
    notes = {"unknown": list(unknown), "problems": list(problems)}
    return ImportReport(len(pictures), added=len(rows), new_characters=new, **notes, **counts)


def match_faces(
    boxes: Sequence[PictureBox], faces: Sequence[Face]
) -> tuple[list[tuple[PictureBox, Face]], list[PictureBox], list[Face]]:
    """Pairs by overlap, best first; the boxes and the faces that are left."""
    scored = sorted(
        ((b.box.iou(f.box), i, j) for i, b in enumerate(boxes) for j, f in enumerate(faces)), key=lambda s: -s[0]
    )
    pairs: dict[int, int] = {}
    for overlap, i, j in scored:
        if overlap >= SAME and i not in pairs and j not in pairs.values():
            pairs[i] = j
    fresh = [b for i, b in enumerate(boxes) if i not in pairs]
    gone = [f for j, f in enumerate(faces) if j not in pairs.values()]
    return [(boxes[i], faces[j]) for i, j in pairs.items()], fresh, gone


def _edits(
    project: Project,
    named: PictureBox,
    face: Face,
    character: Character,
    counts: dict[str, int],
) -> list[Edit]:
    edits = decisions.keep([face])
    differs = max(abs(a - b) for a, b in zip(named.box.as_list(), face.box.as_list(), strict=True)) > EXACT
    renamed = bool(named.name) and character.id != face.character_id
    if differs:
        edits.append(move_box(face, named.box))
    if renamed:
        edits += decisions.reassign(project, [face], character)
    counts["moved"] += differs
    counts["renamed"] += renamed
    counts["same"] += not differs and not renamed
    return edits


def _row(catalogue: Catalogue, named: PictureBox, character: Character, picture, taken: Mapping[int, set[str]]) -> dict:
    paths = taken.setdefault(character.id, taken_paths(catalogue, character))
    x, y, w, h = named.box.as_list()
    return {
        **{"picture_id": picture.id, "character_id": character.id, "x": x, "y": y, "w": w, "h": h},
        "path": new_face_path(catalogue, character, picture, paths),
        **{"detector": "person", "score": 1.0, "state": FaceState.KEPT},
    }


def _write(project: Project, action: str, rows: list[dict], edits: list[Edit]) -> None:
    if not rows:
        decisions.decide(project, action, edits)
        return
    project.catalogue.add_faces(rows, action=action, who="person", also=edits)
    move_files(project, project.catalogue.changes(1)[0].edits, forward=True)
