"""Edits as they are, and crops as they would be: for tests that begin in the middle."""

from __future__ import annotations

from core.imaging.reading import read_picture
from core.workspace.atomic import write_bytes
from core.workspace.crops import cut
from core.workspace.history import Edit
from core.workspace.project import Project
from core.workspace.tables import Change, Face
from core.workspace.transaction import transaction


def change(project: Project, action: str, *edits: Edit, who: str = "person") -> Change | None:
    """These edits as one recorded change."""
    with transaction(project, who) as tx:
        for edit in edits:
            tx.edit(edit)
        change_id = tx.record(action)
    return project.catalogue.change_by_id(change_id) if change_id else None


def write_crop(project: Project, face: Face) -> None:
    """Cut a kept face's crop from its picture, with its hashes."""
    picture = project.catalogue.picture(face.picture_id)
    crop = cut(read_picture(project.workspace.path(picture.path)), face.box)
    write_bytes(project.workspace.path(face.path), crop.data)
    project.catalogue.set_values("faces", {face.id: crop.hashes})
