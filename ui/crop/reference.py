"""The reference face of a character: chosen by the person, else the most central, else the best of its kept faces."""

from __future__ import annotations

from collections.abc import Sequence

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
    key = "reference", character_id, *chosen
    kept = project.catalogue.remembered(key, lambda: _kept(project, character_id, chosen))
    return next((face for face in kept if face.id != besides), None)


def _kept(project: Project, character_id: int, chosen: Sequence[int | None]) -> list[Face]:
    """Those of the faces that are kept, the one to be shown first."""
    ids = list(dict.fromkeys(i for i in [*chosen, *_best(project.catalogue, character_id)] if i is not None))
    kept = {face.id: face for face in project.catalogue.faces(ids=ids, state=FaceState.KEPT)}
    return [kept[i] for i in ids if i in kept]


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
