"""Boxes of a workspace out to other labelling tools and back: the catalogue on one side, core.datasets on the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.atomic import write_json
from core.crop.merge_annotations import ImportReport, PictureBox, match_faces, merge_annotations
from core.crop.review import live_faces
from core.datasets import coco, xmp, yolo
from core.datasets.annotations import AnnotatedPicture, Annotations, NamedBox, is_generic
from core.datasets.matching import Target, match_pictures, place_boxes
from core.errors import ConfirmationNeeded, DataError
from core.imaging.boxes import Box
from core.imaging.names import loose_key
from core.progress import Reporter, silent, track
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.states import LIVE_FACES, Kind, PictureState
from core.workspace.tables import Face, Picture

UNNAMED = "face"
"""What a face that nobody has named is called in files; read back it names nobody."""


def label_stem(picture: Picture) -> str:
    """The name of a picture's label file without its ending: its id, so that names never collide, and its own name."""
    return f"{picture.id:06d}_{Path(picture.path).stem}"


def annotated_pictures(catalogue: Catalogue, *, states: Sequence[str] = LIVE_FACES) -> list[AnnotatedPicture]:
    """The kept pictures with their faces in these states; file_name is the path inside the workspace."""
    names: dict[int | None, str] = {c.id: c.name for c in catalogue.characters(removed=True)}
    rows = catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT)
    boxes: dict[int, list[NamedBox]] = {p.id: [] for p in rows}
    for face in catalogue.faces(state=tuple(states), copy_of=None):
        if face.picture_id in boxes:
            about = {"state": face.state, "detector": face.detector, "score": round(face.score, 4)}
            name = names.get(face.character_id, UNNAMED)
            boxes[face.picture_id].append(NamedBox(face.box, name, face.id, about))
    return [AnnotatedPicture(p.path, tuple(boxes[p.id]), p.width, p.height, id=p.id) for p in rows]


def coco_document(catalogue: Catalogue, *, states: Sequence[str] = LIVE_FACES) -> dict[str, Any]:
    """The faces in these states as a COCO document with the catalogue's own ids of pictures, faces and characters."""
    categories = {c.name: c.id for c in catalogue.characters(removed=True)}
    pictures = annotated_pictures(catalogue, states=states)
    if any(named.name == UNNAMED for picture in pictures for named in picture.boxes):
        categories[UNNAMED] = 0
    return coco.coco_document(pictures, categories)


def export_coco(catalogue: Catalogue, out: Path, *, states: Sequence[str] = LIVE_FACES) -> Path:
    """Write the COCO document to a .json file."""
    return write_json(out, coco_document(catalogue, states=states))


def export_yolo(project: Project, out: Path, *, pictures: bool = True, states: Sequence[str] = LIVE_FACES) -> Path:
    """Write the faces in these states into a folder of YOLO labels; with `pictures`, copies of them too."""
    rows = {p.path: p for p in project.catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT)}
    annotated = [
        AnnotatedPicture(label_stem(rows[one.file_name]), one.boxes, one.width, one.height)
        for one in annotated_pictures(project.catalogue, states=states)
    ]
    names = [c.name for c in sorted(project.catalogue.characters(removed=True), key=lambda c: c.id)]
    if any(named.name == UNNAMED for one in annotated for named in one.boxes):
        names.append(UNNAMED)
    files = {label_stem(p): project.workspace.path(p.path) for p in rows.values()} if pictures else None
    return yolo.write_yolo(out, annotated, names, images=files)


def import_coco(
    project: Project, source: Path | bytes, *, force: bool = False, report: Reporter = silent
) -> ImportReport:
    """Take over the boxes of a COCO file as one change that can be undone (see take_over)."""
    read = coco.read_coco(source, report=report)
    return take_over(project, read, action="boxes from a COCO file", force=force, report=report)


def import_yolo(project: Project, folder: Path, *, force: bool = False, report: Reporter = silent) -> ImportReport:
    """Take over the boxes of a folder of YOLO labels as one change that can be undone (see take_over)."""
    return take_over(project, yolo.read_yolo(folder), action="boxes from YOLO labels", force=force, report=report)


def import_folder(project: Project, folder: Path, *, force: bool = False, report: Reporter = silent) -> ImportReport:
    """Take over the boxes of a folder: its YOLO labels, or, where it has none, the face regions of its pictures."""
    if any(True for _ in yolo.label_files(folder)):
        return import_yolo(project, folder, force=force, report=report)
    return take_over(project, xmp.read_xmp(folder), action="faces from pictures' XMP", force=force, report=report)


def take_over(
    project: Project,
    annotations: Annotations,
    *,
    action: str,
    force: bool = False,
    report: Reporter = silent,
) -> ImportReport:
    """Make the faces of the pictures in an annotation file what it says, as one change that can be undone.

    Pictures that the file does not list are left alone; what it says that could not be used is in the report. Names
    are matched with the characters there are, whatever case, spaces or `_` a tool made of them; a class that only says
    "face" names nobody. Raises DataError where nothing fits, and ConfirmationNeeded, before anything is changed, where
    most faces would be rejected, or most boxes are unreadable, unless `force`. Stages reported: `compare` and `write`,
    in pictures and rows; cancelled, nothing is changed.
    """
    targets = _targets(project.catalogue)
    matched = match_pictures(annotations.pictures, targets)
    unknown = [one.file_name for place, one in enumerate(annotations.pictures) if place not in matched]
    if not matched:
        n = len(annotations.pictures)
        raise DataError(f"None of the {n} pictures in this file is a picture of {project.name}: {_some(unknown)}.")
    problems = list(annotations.problems)
    boxes: list[PictureBox] = []
    outside: set[int] = set()
    names = _Names(project.catalogue)
    for place, target in track(matched.items(), report, "compare", len(matched)):
        placed, remark = place_boxes(annotations.pictures[place], target)
        boxes += [PictureBox(target.id, named.box, names.of(named.name)) for named in placed]
        if len(placed) < len(annotations.pictures[place].boxes):
            outside.add(target.id)
        if remark:
            problems.append(f"{remark[:1].upper()}{remark[1:]}.")
    boxes, twice = _each_once(boxes)
    if twice:
        stand = "box stands" if twice == 1 else "boxes stand"
        problems.append(f"{twice} {stand} where another one does; the first counts.")
    covered = [target.id for target in dict.fromkeys(matched.values())]
    incomplete = outside | {target.id for place, target in matched.items() if annotations.pictures[place].unreadable}
    if not force:
        _check_plausible(project, annotations, boxes, [p for p in covered if p not in incomplete])
    notes = {"unknown": unknown, "problems": problems}
    return merge_annotations(project, boxes, covered, action=action, incomplete=incomplete, report=report, **notes)


def _each_once(boxes: Sequence[PictureBox]) -> tuple[list[PictureBox], int]:
    """The boxes without those that stand where an earlier one of their picture does, to half a pixel; and how many."""
    first: dict[tuple[int, ...], PictureBox] = {}
    for one in boxes:
        first.setdefault((one.picture_id, *(round(2 * v) for v in one.box.as_list())), one)
    return list(first.values()), len(boxes) - len(first)


def _targets(catalogue: Catalogue) -> list[Target]:
    names: dict[int | None, str] = {c.id: c.name for c in catalogue.characters(removed=True)}
    rows = catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT)
    faces: dict[int, list[Box]] = {p.id: [] for p in rows}
    for face in catalogue.faces(state=LIVE_FACES, copy_of=None):
        if face.picture_id in faces:
            faces[face.picture_id].append(face.box)
    return [
        Target(p.id, p.path, p.width, p.height, (label_stem(p),), names.get(p.character_id, ""), tuple(faces[p.id]))
        for p in rows
    ]


class _Names:
    """What a class in a file is called here: a character's own name where one is meant, "" where nobody is."""

    def __init__(self, catalogue: Catalogue):
        self._exact = {c.name for c in catalogue.characters()}
        keys = Counter(loose_key(name) for name in self._exact)
        self._loose = {loose_key(name): name for name in self._exact if keys[loose_key(name)] == 1}

    def of(self, name: str) -> str:
        if name in self._exact:
            return name
        if loose_key(name) in self._loose:
            return self._loose[loose_key(name)]
        return "" if is_generic(name) else name


def _check_plausible(project: Project, annotations: Annotations, boxes: list[PictureBox], covered: list[int]) -> None:
    """Raise ConfirmationNeeded where an import would do what hardly anybody wants."""
    faces = live_faces(project.catalogue, covered)
    here: dict[int, tuple[list[PictureBox], list[Face]]] = {p: ([], []) for p in covered}
    for one in boxes:
        if one.picture_id in here:
            here[one.picture_id][0].append(one)
    for face in faces:
        here[face.picture_id][1].append(face)
    gone = sum(len(match_faces(*both)[2]) for both in here.values())
    if gone >= 2 and gone * 2 > len(faces):
        raise ConfirmationNeeded(
            f"This import would reject {gone} of the {len(faces)} faces on its {len(covered)} pictures, for it has no "
            "box where they are. Do its boxes belong to these pictures, at this size? Nothing was changed."
        )
    bad, total = annotations.bad_boxes, annotations.boxes + annotations.bad_boxes
    if bad * 2 > total:
        raise ConfirmationNeeded(
            f"{bad} of the {total} boxes cannot be read: {annotations.problems[0]} Nothing was changed."
        )
    named = {one.name for one in boxes}
    whose = {face.character_id for face in faces}
    (only,) = named if len(named) == 1 else ("",)
    if only and len(whose) > 1 and len(boxes) > 2 and only not in {c.name for c in project.catalogue.characters()}:
        raise ConfirmationNeeded(
            f"All {len(boxes)} boxes are called {only!r}, which is no character here: the faces of {len(whose)} "
            "characters would get this one name. Nothing was changed."
        )


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
