"""The review's canvas: what was drawn, moved, renamed and deleted becomes one recorded change.

What a person decides about faces is in `core.workspace.faces`, the same for every page.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.crop.canvas_edits import CanvasEdits
from core.errors import CatalogueError
from core.workspace import faces as edits_of
from core.workspace.catalogue import Catalogue
from core.workspace.faces import Acts
from core.workspace.history import edited
from core.workspace.moves import StagedFiles
from core.workspace.project import Project
from core.workspace.recut import PictureReader
from core.workspace.states import LIVE_FACES
from core.workspace.tables import Change, Character, Face, Picture


def live_faces(catalogue: Catalogue, picture_id: int | Sequence[int]) -> list[Face]:
    """The faces of a picture (or of several) that are proposed or kept, without balancing copies, by id."""
    return catalogue.faces(picture_id=picture_id, state=LIVE_FACES, copy_of=None)


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
    labels = [*edits.renamed.values(), *(d.label for d in edits.drawn)]
    wanted = {label: _named(names, label) for label in labels if label}
    acts = Acts()
    for face_id, box in edits.moved.items():
        acts.move(by_id[face_id], box)
    for face_id, label in edits.renamed.items():
        acts.relabel([by_id[face_id]], wanted[label])
    acts.reject([by_id[i] for i in edits.deleted], reason)
    said = [_said(edits)] if acts else []
    with StagedFiles(project.workspace) as staged:
        pictures = PictureReader(project)
        for n, box in enumerate(edits.drawn):
            if instead_of is not None and n == 0:
                acts.move(instead_of, box.box)
                said.append("drew the box anew")
                continue
            character = wanted.get(box.label) or _own(project.catalogue, picture)
            acts.add(edits_of.drawn(pictures, picture, character, box.box, staged))
            said.append(f"drew a face of {character.name}" if character else "drew a face")
        edits_of.decide(project, ", ".join(said), acts, staged=staged)
    return ", ".join(said)


def picture_of(catalogue: Catalogue, change: Change) -> int | None:
    """The picture that a change was about, to go back to after an undo; None where it was about none."""
    for edit in change.edits:
        first = next(edited([edit], edit["table"]))
        if edit["table"] == "pictures":
            return int(first)
        if edit["table"] == "faces":
            return catalogue.face(first).picture_id
    return None


def _own(catalogue: Catalogue, picture: Picture) -> Character | None:
    return None if picture.character_id is None else catalogue.character(picture.character_id)


def _by_name(catalogue: Catalogue) -> dict[str, Character]:
    return {c.name.casefold(): c for c in catalogue.characters()}


def _named(names: dict[str, Character], label: str) -> Character:
    if label.casefold() not in names:
        there = ", ".join(c.name for c in list(names.values())[:12])
        raise CatalogueError(f"There is no character {label!r}. There are: {there}. Add it on Collect first.")
    return names[label.casefold()]


def _said(edits: CanvasEdits) -> str:
    parts = [
        f"{verb} {len(ids)} {'box' if len(ids) == 1 else 'boxes'}"
        for verb, ids in (("moved", edits.moved), ("renamed", edits.renamed), ("deleted", edits.deleted))
        if ids
    ]
    return ", ".join(parts)
