"""Pictures and faces of a character that is gone, which nothing shows."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Connection, Table, select

from core.workspace import tables as t
from core.workspace.states import CharacterState, FaceState, PictureState
from core.workspace.tables import Face, Picture

Row = TypeVar("Row", Face, Picture)


def orphaned_pictures(db: Connection) -> list[Picture]:
    """Pictures, none that was removed itself, whose character was removed."""
    return _orphaned(db, t.pictures, PictureState.REMOVED, Picture)


def orphaned_faces(db: Connection) -> list[Face]:
    """Faces, none that was removed itself, whose character was removed."""
    return _orphaned(db, t.faces, FaceState.REMOVED, Face)


def _orphaned(db: Connection, table: Table, removed: str, kind: type[Row]) -> list[Row]:
    characters = t.characters.c
    gone = select(characters.id).where(characters.state == CharacterState.REMOVED)
    query = select(table).where(table.c.character_id.in_(gone), table.c.state != removed).order_by(table.c.id)
    return [kind(**row) for row in db.execute(query).mappings()]
