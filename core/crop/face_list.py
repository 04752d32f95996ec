"""The faces that the grid goes through, page by page: counted, ordered and picked by queries, whatever their number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.one_of import one_of
from core.workspace.states import FaceState
from core.workspace.tables import Face


@dataclass(frozen=True, slots=True)
class FaceList:
    """Faces of a state, balancing copies aside; of these characters and of these ids only, where any are given.

    Proposals come with the least sure first, others by character, the worst of each first.
    """

    state: str
    characters: tuple[int, ...] = ()
    only: frozenset[int] | None = None

    def count(self, catalogue: Catalogue) -> int:
        """How many there are."""
        if self.only is None:
            equal: dict[str, Any] = {"character_id": self.characters} if self.characters else {}
            return sum(catalogue.counts("faces", state=self.state, copy_of=None, **equal).values())
        return catalogue.remembered(("face list", self), lambda: self._number(catalogue, select(func.count())))

    def page(self, catalogue: Catalogue, first: int, size: int) -> list[Face]:
        """`size` of them at most, from place `first` on."""

        def read() -> list[Face]:
            with catalogue.reading() as db:
                ids = db.execute(self._in_order().offset(first).limit(size)).scalars().all()
            face_of = {face.id: face for face in catalogue.faces(ids=ids)}
            return [face_of[number] for number in ids if number in face_of]

        return catalogue.remembered(("face list page", self, first, size), read)

    def ids(self, catalogue: Catalogue) -> list[int]:
        """All of them."""
        with catalogue.reading() as db:
            return list(db.execute(self._in_order()).scalars())

    def among(self, catalogue: Catalogue, ids: Collection[int]) -> set[int]:
        """Those of some ids that are on the list."""
        if not ids:
            return set()
        with catalogue.reading() as db:
            return set(db.execute(select(t.faces.c.id).where(self._is_on(), one_of(t.faces.c.id, ids))).scalars())

    def best_of_each(self, catalogue: Catalogue) -> tuple[int, int]:
        """How many faces are the best of their picture, and how many are not: core.crop.bulk.best_of_each of this list
        and the faces kept already on the same pictures."""
        return catalogue.remembered(("face list best", self), lambda: self._best_of_each(catalogue))

    def _best_of_each(self, catalogue: Catalogue) -> tuple[int, int]:
        faces, kept = t.faces, t.faces.alias("kept")
        groups = select(faces.c.picture_id, _owner().label("owner")).where(self._is_on()).distinct().subquery()
        same = and_(
            kept.c.picture_id == groups.c.picture_id,
            func.coalesce(kept.c.character_id, 0) == groups.c.owner,
            kept.c.state == FaceState.KEPT,
            kept.c.copy_of.is_(None),
        )
        best = self._number(catalogue, select(func.count()).select_from(groups), on_list=False)
        if self.state == FaceState.KEPT and self.only is None:  # all that are kept there are on the list themselves
            return best, self.count(catalogue) - best
        known = self._number(catalogue, select(func.count()).select_from(groups.join(kept, same)), on_list=False)
        own = 0 if self.state == FaceState.KEPT else self.count(catalogue)
        return best, own + known - best

    def _number(self, catalogue: Catalogue, query: Select[Any], *, on_list: bool = True) -> int:
        query = query.select_from(t.faces).where(self._is_on()) if on_list else query
        with catalogue.reading() as db:
            return int(db.execute(query).scalar_one())

    def _is_on(self) -> ColumnElement[bool]:
        found = and_(t.faces.c.state == self.state, t.faces.c.copy_of.is_(None))
        if self.characters:
            found = and_(found, one_of(t.faces.c.character_id, self.characters))
        return found if self.only is None else and_(found, one_of(t.faces.c.id, self.only))

    def _in_order(self) -> Select[Any]:
        faces = t.faces.c
        order = (faces.score,) if self.state == FaceState.PROPOSED else (faces.character_id, faces.quality)
        return select(faces.id).where(self._is_on()).order_by(*order, faces.id)


def _owner() -> ColumnElement[int]:
    return func.coalesce(t.faces.c.character_id, 0)
