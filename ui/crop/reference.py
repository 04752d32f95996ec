"""The reference face of a character: chosen by the person, else the most central, else the best of its kept faces."""

from __future__ import annotations

from sqlalchemy import select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.crops import crop_path
from core.workspace.project import Project
from core.workspace.states import FaceState
from core.workspace.tables import Face
from ui.common.grid import thumb
from ui.crop.suggestions import central_face


def reference_face(project: Project, character_id: int, *, besides: int | None = None) -> Face | None:
    """The first of these that is kept and is not `besides` itself; None where the character has no other kept face."""
    chosen = [project.catalogue.character(character_id).reference_face, central_face(project.workspace, character_id)]
    for face_id in [*chosen, *_best(project.catalogue, character_id)]:
        if face_id is None or face_id == besides:
            continue
        kept = project.catalogue.faces(ids=[face_id], state=FaceState.KEPT)
        if kept:
            return kept[0]
    return None


def reference_image(project: Project, character_id: int, *, besides: int | None = None) -> bytes | None:
    """The reference face as JPEG; None where there is none."""
    face = reference_face(project, character_id, besides=besides)
    at = crop_path(project.workspace, face.path, face.state) if face else None
    return thumb(at, 256) if at is not None else None


def _best(catalogue: Catalogue, character_id: int) -> list[int]:
    f = t.faces.c
    query = select(f.id).where(f.character_id == character_id, f.state == FaceState.KEPT, f.copy_of.is_(None))
    with catalogue.reading() as db:
        return list(db.execute(query.order_by(f.quality.desc(), f.score.desc(), f.id).limit(2)).scalars())
