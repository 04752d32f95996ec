"""Faces as the little that their embeddings are known by: a third of the time of reading all that there is of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, Protocol

from sqlalchemy import select

from core.imaging.boxes import Box
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.one_of import one_of


class Keyed(Protocol):
    """What must be known of a face to look its embedding up: a `tables.Face` or a FaceKey."""

    @property
    def id(self) -> int: ...
    @property
    def picture_id(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def framing(self) -> str: ...
    @property
    def box(self) -> Box: ...


class FaceKey(NamedTuple):
    """A face's columns of these names (tables.Face)."""

    id: int
    picture_id: int
    character_id: int | None
    sha256: str
    framing: str
    x: float
    y: float
    w: float
    h: float

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.w, self.h)


def face_keys(catalogue: Catalogue, ids: Collection[int]) -> list[FaceKey]:
    """The faces of these ids that there are, by id."""
    if not ids:
        return []
    query = select(*(t.faces.c[name] for name in FaceKey._fields)).where(one_of(t.faces.c.id, ids))
    with catalogue.reading() as db:
        return [FaceKey._make(row) for row in db.execute(query.order_by(t.faces.c.id)).all()]
