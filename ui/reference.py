"""The reference face of a character: chosen by the person, else the best of its kept faces."""

from __future__ import annotations

from core.errors import PictureError
from core.workspace.catalogue import Catalogue
from core.workspace.decisions import place
from core.workspace.folders import Workspace
from core.workspace.tables import Face
from ui.grid import thumb


def reference_face(catalogue: Catalogue, character_id: int, *, besides: int | None = None) -> Face | None:
    """The chosen face while it is kept, else the kept one of the highest quality, then score; not the face itself."""
    chosen = catalogue.character(character_id).reference_face
    if chosen is not None and chosen != besides:
        face = next(iter(catalogue.faces(ids=[chosen], state="kept")), None)
        if face is not None:
            return face
    for face_id in _best(catalogue, character_id):
        if face_id != besides:
            return catalogue.face(face_id)
    return None


def reference_image(
    workspace: Workspace, catalogue: Catalogue, character_id: int, *, besides: int | None = None
) -> bytes | None:
    """The reference face as JPEG, or None where the character has no other kept face."""
    face = reference_face(catalogue, character_id, besides=besides)
    at = place(workspace, face.path, face.state) if face else None
    try:
        return thumb(at, 256) if at is not None else None
    except PictureError:
        return None


def _best(catalogue: Catalogue, character_id: int) -> list[int]:
    from sqlalchemy import select

    from core.workspace import tables as t

    f = t.faces.c
    query = select(f.id).where(f.character_id == character_id, f.state == "kept", f.copy_of.is_(None))
    with catalogue.reading() as db:
        return list(db.execute(query.order_by(f.quality.desc(), f.score.desc(), f.id).limit(2)).scalars())
