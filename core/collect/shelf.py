"""What came in, a page at a time: the newest pictures that were kept, and the newest that were not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, Table, func, select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.one_of import one_of
from core.workspace.selects import conditions
from core.workspace.states import Kind, PictureState
from core.workspace.tables import Fetch, Picture


def kept_count(catalogue: Catalogue, character_id: int | None = None) -> int:
    """How many pictures are kept, of everybody or of one character."""
    return sum(catalogue.counts("pictures", "kind", **_kept(character_id)).values())


def kept_page(catalogue: Catalogue, character_id: int | None, first: int, size: int) -> list[Picture]:
    """`size` kept pictures at most, the newest first, from place `first` on."""
    query = _newest(t.pictures, _kept(character_id)).offset(first).limit(size)

    def read() -> list[Picture]:
        with catalogue.reading() as db:
            return [Picture(**row) for row in db.execute(query).mappings()]

    return list(catalogue.remembered(("kept page", character_id, first, size), read))


def still_kept(catalogue: Catalogue, character_id: int | None, ids: Collection[int]) -> list[int]:
    """Those of some ids that are kept, the newest first."""
    if not ids:
        return []
    query = _newest(t.pictures, _kept(character_id)).where(one_of(t.pictures.c.id, ids))
    with catalogue.reading() as db:
        return [row.id for row in db.execute(query)]


def paths_of(catalogue: Catalogue, pictures: Collection[Picture]) -> dict[int, str]:
    """Where each picture lies; one that came as a cut-out face lies where the face does, "" where that is gone."""
    cut_out = tuple(p.id for p in pictures if p.kind == Kind.FACE)
    face_of = catalogue.remembered(("paths", cut_out), lambda: _faces_of(catalogue, cut_out)) if cut_out else {}
    return {p.id: face_of.get(p.id, "") if p.kind == Kind.FACE else p.path for p in pictures}


def _faces_of(catalogue: Catalogue, pictures: Collection[int]) -> dict[int, str]:
    """Where the face lies as which a picture came, by the picture's id."""
    faces = select(t.faces.c.picture_id, t.faces.c.path).where(t.faces.c.copy_of.is_(None)).order_by(t.faces.c.id)
    with catalogue.reading() as db:
        return {row.picture_id: row.path for row in db.execute(faces.where(one_of(t.faces.c.picture_id, pictures)))}


def not_kept(catalogue: Catalogue, character_id: int | None, size: int) -> tuple[int, list[Fetch]]:
    """How many addresses were refused or failed, and the newest `size` of them at most; kept until somebody commits."""
    return catalogue.remembered(("not kept", character_id, size), lambda: _read_not_kept(catalogue, character_id, size))


def _read_not_kept(catalogue: Catalogue, character_id: int | None, size: int) -> tuple[int, list[Fetch]]:
    equal = {"outcome": ("refused", "failed")} | ({} if character_id is None else {"character_id": character_id})
    with catalogue.reading() as db:
        number = db.execute(
            select(func.count()).select_from(t.fetches).where(*conditions(t.fetches, equal))
        ).scalar_one()
        return number, [Fetch(**row) for row in db.execute(_newest(t.fetches, equal).limit(size)).mappings()]


def _kept(character_id: int | None) -> dict[str, Any]:
    return {"state": PictureState.KEPT} | ({} if character_id is None else {"character_id": character_id})


def _newest(table: Table, equal: dict[str, Any]) -> Select[Any]:
    return select(table).where(*conditions(table, equal)).order_by(table.c.id.desc())
