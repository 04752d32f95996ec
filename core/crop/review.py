"""A person's decisions in the review: each is one recorded change, saved at once and undone at once.

Whatever is decided about faces, a picture without an open proposal left becomes `done` in the same change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.crop.canvas_edits import CanvasEdits
from core.errors import CatalogueError
from core.imaging.boxes import Box
from core.imaging.reading import read_picture
from core.workspace import decisions
from core.workspace.catalogue import Catalogue, Edit
from core.workspace.decisions import decide, move_box, new_face_path, write_crop
from core.workspace.folders import Workspace
from core.workspace.project import Project
from core.workspace.states import LIVE_FACES, FaceState, PictureState, ReviewState
from core.workspace.tables import Change, Character, Face, Picture


def live_faces(catalogue: Catalogue, picture_id: int | Sequence[int]) -> list[Face]:
    """The faces of a picture (or of several) that are proposed or kept, without balancing copies, by id."""
    return catalogue.faces(picture_id=picture_id, state=LIVE_FACES, copy_of=None)


def keep_faces(project: Project, faces: Sequence[Face]) -> Change | None:
    """Keep faces. With faces that the detector kept already it says that a person agrees: the picture is done."""
    return _decide(project, f"kept {_many(faces)}", decisions.keep(faces), faces)


def reject_faces(project: Project, faces: Sequence[Face], reason: str = "") -> Change | None:
    """Reject faces; their crops go to the bin."""
    why = f": {reason}" if reason else ""
    return _decide(project, f"rejected {_many(faces)}{why}", decisions.reject(faces, reason), faces)


def name_faces(project: Project, faces: Sequence[Face], character: Character) -> Change | None:
    """Say whose faces these are, and keep them."""
    edits = [*decisions.reassign(project, faces, character), *decisions.keep(faces)]
    return _decide(project, f"{_many(faces)} named {character.name}", edits, faces)


def move_face(project: Project, face: Face, box: Box) -> Change | None:
    """Put a face's box elsewhere and keep it."""
    return _decide(project, "moved a box", [move_box(face, box), *decisions.keep([face])], [face])


def draw_box(
    project: Project,
    picture: Picture,
    character: Character,
    box: Box,
    *,
    instead_of: Face | None = None,
) -> Face:
    """A face that a person drew: kept, cut and recorded. `instead_of`: a face whose box it replaces."""
    if instead_of is not None:
        move_face(project, instead_of, box)
        return project.catalogue.face(instead_of.id)
    x, y, w, h = box.as_list()
    row = {
        **{"picture_id": picture.id, "character_id": character.id, "x": x, "y": y, "w": w, "h": h},
        "path": new_face_path(project.catalogue, character, picture),
        **{"detector": "person", "score": 1.0, "state": FaceState.KEPT},
    }
    done = (
        []
        if _open(project.catalogue, {picture.id}, ())
        else [Edit("pictures", picture.id, {"review": ReviewState.DONE})]
    )
    (face,) = project.catalogue.add_faces([row], action=f"drew a face of {character.name}", who="person", also=done)
    project.catalogue.set_values(
        "faces", {face.id: write_crop(project.workspace, face, _pixels(project.workspace, picture))}
    )
    return project.catalogue.face(face.id)


def keep_only(project: Project, face: Face, others: Sequence[Face]) -> Change | None:
    """Keep one face and reject the others: the answer to several faces in a picture of one character."""
    edits = [*decisions.keep([face]), *decisions.reject(others, "other character")]
    return _decide(project, f"kept one face of {1 + len(others)}", edits, [face, *others])


def reject_picture(project: Project, picture: Picture, reason: str = "no face") -> Change | None:
    """Set a picture aside with all its faces: nothing in it is of use."""
    faces = live_faces(project.catalogue, picture.id)
    edits = [
        Edit("pictures", picture.id, {"state": PictureState.REJECTED, "reason": reason, "review": ReviewState.DONE})
    ]
    edits += decisions.reject(faces, reason)
    return decide(project, f"set a picture aside: {reason}", edits)


def apply_canvas(
    project: Project,
    picture: Picture,
    faces: Sequence[Face],
    edits: CanvasEdits,
    *,
    instead_of: Face | None = None,
    reason: str = "not a face",
) -> str:
    """Write what was changed on the canvas: boxes moved, renamed, deleted (rejected) and drawn; says what was done.

    `faces` are the faces as they were shown: CatalogueError where one of them was decided elsewhere since, or where a
    name on the canvas belongs to no character. `instead_of`: the face that the first drawn box replaces.
    """
    by_id = {f.id: f for f in faces}
    names = _by_name(project.catalogue)
    wanted = {
        label: _named(names, label) for label in [*edits.renamed.values(), *(d.label for d in edits.drawn)] if label
    }
    changes: list[Edit] = []
    for face_id, box in edits.moved.items():
        changes += [move_box(by_id[face_id], box), *decisions.keep([by_id[face_id]])]
    for face_id, label in edits.renamed.items():
        face = by_id[face_id]
        changes += [*decisions.reassign(project, [face], wanted[label]), *decisions.keep([face])]
    changes += decisions.reject([by_id[i] for i in edits.deleted], reason)
    said = []
    if changes:
        said.append(_said(edits))
        touched = [by_id[i] for i in {*edits.moved, *edits.renamed, *edits.deleted}]
        _decide(project, said[0], changes, touched)
    for n, box in enumerate(edits.drawn):
        character = wanted.get(box.label) or project.catalogue.character(picture.character_id)
        replaced = instead_of if n == 0 else None
        draw_box(project, picture, character, box.box, instead_of=replaced)
        said.append(f"drew a face of {character.name}" if replaced is None else "drew the box anew")
    return ", ".join(said)


def picture_of(catalogue: Catalogue, change: Change) -> int | None:
    """The picture that a change was about, to go back to after an undo; None where it was about none."""
    for edit in change.edits:
        if edit["table"] == "pictures":
            return edit["id"]
        if edit["table"] == "faces":
            return catalogue.face(edit["id"]).picture_id
    return None


def _decide(project: Project, action: str, edits: Iterable[Edit], faces: Sequence[Face]) -> Change | None:
    edits = merged(edits)
    pictures = {f.picture_id for f in faces}
    still_open = _open(project.catalogue, pictures, edits)
    edits += [Edit("pictures", p, {"review": ReviewState.DONE}) for p in sorted(pictures - still_open)]
    return decide(project, action, edits)


def merged(edits: Iterable[Edit]) -> list[Edit]:
    """One edit a row: several for the same row become one, or the second would meet the first one's new revision."""
    rows: dict[tuple[str, int], Edit] = {}
    for edit in edits:
        key = edit.table, edit.id
        before = rows.get(key)
        after = {**(before.after if before else {}), **edit.after}
        rows[key] = Edit(edit.table, edit.id, after, edit.expected_revision)
    return list(rows.values())


def _open(catalogue: Catalogue, pictures: set[int], edits: Sequence[Edit]) -> set[int]:
    """Those of the pictures that keep a proposal nobody has decided, once the edits are made."""
    decided = {e.id for e in edits if e.table == "faces" and "state" in e.after}
    left = catalogue.faces(picture_id=tuple(pictures), state=FaceState.PROPOSED, copy_of=None)
    return {f.picture_id for f in left if f.id not in decided}


def _by_name(catalogue: Catalogue) -> dict[str, Character]:
    return {c.name.casefold(): c for c in catalogue.characters()}


def _named(names: dict[str, Character], label: str) -> Character:
    if label.casefold() not in names:
        there = ", ".join(c.name for c in list(names.values())[:12])
        raise CatalogueError(f"There is no character {label!r}. There are: {there}. Add it on Collect first.")
    return names[label.casefold()]


def _pixels(workspace: Workspace, picture: Picture):
    return read_picture(workspace.path(picture.path))


def _many(faces: Sequence[Face]) -> str:
    return "a face" if len(faces) == 1 else f"{len(faces)} faces"


def _said(edits: CanvasEdits) -> str:
    parts = [
        f"{verb} {len(ids)} {'box' if len(ids) == 1 else 'boxes'}"
        for verb, ids in (("moved", edits.moved), ("renamed", edits.renamed), ("deleted", edits.deleted))
        if ids
    ]
    return ", ".join(parts)
