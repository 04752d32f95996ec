"""Boxes that come from elsewhere, laid over the catalogue's faces: what to move, name, add and reject. One change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from core.crop.review import live_faces
from core.imaging.boxes import Box
from core.progress import Reporter, silent
from core.workspace.faces import Acts, decide, drawn
from core.workspace.moves import StagedFiles
from core.workspace.project import Project
from core.workspace.recut import PictureReader
from core.workspace.states import ReviewState
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
    report: Reporter = silent,
) -> ImportReport:
    """Make the faces of the covered pictures what the boxes say, as one recorded change that can be undone.

    A box is matched with the face of its picture that it overlaps most (IoU from 0.5), best pairs first. Matched faces
    are moved, renamed and kept; other boxes become new faces; faces without a box are rejected. The pictures are done.
    Where boxes of a picture could not be read (`incomplete`: picture ids), its faces without a box stay as they are.
    """
    known = {c.name: c for c in project.catalogue.characters()}
    pictures = {p.id: p for p in project.catalogue.pictures(ids=covered)}
    faces: dict[int, list[Face]] = {p: [] for p in pictures}
    for face in live_faces(project.catalogue, tuple(pictures)):
        faces[face.picture_id].append(face)
    by_picture: dict[int, list[PictureBox]] = {p: [] for p in pictures}
    for box in boxes:
        by_picture[box.picture_id].append(box)
    own: dict[int | None, Character] = {c.id: c for c in project.catalogue.characters(removed=True)}
    acts = Acts()
    counts = dict.fromkeys(("same", "moved", "renamed", "rejected"), 0)
    with StagedFiles(project.workspace) as staged:
        reader = PictureReader(project)
        for picture_id, picture in pictures.items():
            pairs, fresh, gone = match_faces(by_picture[picture_id], faces[picture_id])
            for named, face in pairs:
                _match(acts, named, face, known, counts)
            if picture_id not in incomplete:
                acts.reject(gone, "no box for it in the import")
                counts["rejected"] += len(gone)
                acts.set_picture(picture_id, review=ReviewState.DONE)
            for named in fresh:
                whose = known.get(named.name, named.name) or own.get(picture.character_id)
                acts.add(drawn(reader, picture, whose, named.box, staged))
        decide(project, action, acts, staged=staged, settle=False, report=report)
    new = sorted({b.name for b in boxes if b.name} - set(known))
    return ImportReport(
        len(pictures),
        same=counts["same"],
        moved=counts["moved"],
        renamed=counts["renamed"],
        added=len(acts.new),
        rejected=counts["rejected"],
        new_characters=new,
        unknown=list(unknown),
        problems=list(problems),
    )


def _match(acts: Acts, named: PictureBox, face: Face, known: Mapping[str, Character], counts: dict[str, int]) -> None:
    """Make a face what its box says."""
    acts.keep([face])
    differs = max(abs(a - b) for a, b in zip(named.box.as_list(), face.box.as_list(), strict=True)) > EXACT
    character = known.get(named.name)
    renamed = bool(named.name) and (character is None or character.id != face.character_id)
    if differs:
        acts.move(face, named.box)
    if renamed:
        acts.relabel([face], character or named.name)
    counts["moved"] += differs
    counts["renamed"] += renamed
    counts["same"] += not differs and not renamed


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
