"""The pictures and faces that came last: what a page shows while a job makes more."""

from __future__ import annotations

from sqlalchemy import Table, select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.states import FaceState, PictureState
from core.workspace.tables import Face, Picture


def newest_pictures(catalogue: Catalogue, limit: int) -> list[Picture]:
    """The kept pictures that came last, the newest first."""
    ids = _newest(catalogue, t.pictures, PictureState.KEPT, limit)
    return sorted(catalogue.pictures(ids=ids), key=lambda one: -one.id)


def newest_faces(catalogue: Catalogue, limit: int) -> list[Face]:
    """The kept faces that came last, balancing copies aside, the newest first."""
    ids = _newest(catalogue, t.faces, FaceState.KEPT, limit)
    return sorted(catalogue.faces(ids=ids), key=lambda one: -one.id)


def _newest(catalogue: Catalogue, table: Table, state: str, limit: int) -> list[int]:
    query = select(table.c.id).where(table.c.state == state)
    if table is t.faces:
        query = query.where(t.faces.c.copy_of.is_(None))
    with catalogue.reading() as db:
        return list(db.execute(query.order_by(table.c.id.desc()).limit(limit)).scalars())
