"""What was made from what: fingerprints of the faces, and whether a result is older than they are.

A fingerprint is a short digest over what a result depends on; a result remembers it, and is stale once it differs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, String, func, literal, literal_column, select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.states import FaceState
from core.workspace.tables import Result

FACES = ("id", "character_id", "sha256")
SPLIT = (*FACES, "split", "copy_of")

TOGETHER = 20_000
"""Faces whose rows become one text at a time."""


def faces_fingerprint(catalogue: Catalogue) -> str:
    """Changes when a face is kept, rejected, recut or given to another character; not when it is copied.

    A face without a character changes nothing: no step that remembers a fingerprint uses it.
    """
    return _digest(catalogue, FACES, copies=False)


def split_fingerprint(catalogue: Catalogue) -> str:
    """Changes with the faces, their split and their balancing copies: what a training depends on."""
    return _digest(catalogue, SPLIT, copies=True)


@dataclass(frozen=True, slots=True)
class Freshness:
    """Whether the newest result of a kind still belongs to today's faces. `result` None: it was never made."""

    result: Result | None
    stale: bool

    @property
    def missing(self) -> bool:
        return self.result is None


def freshness(catalogue: Catalogue, kind: str, name: str | None = None) -> Freshness:
    """Of a balance (depends on the faces), run (on faces, split and copies), gallery or map (on the faces)."""
    found = [r for r in catalogue.results(kind) if name is None or r.name == name]
    if not found:
        return Freshness(None, False)
    fingerprint = split_fingerprint(catalogue) if kind == "run" else faces_fingerprint(catalogue)
    return Freshness(found[0], found[0].made_from != fingerprint)


def _digest(catalogue: Catalogue, columns: tuple[str, ...], *, copies: bool) -> str:
    return catalogue.remembered(("digest", columns, copies), lambda: _computed(catalogue, columns, copies=copies))


def _computed(catalogue: Catalogue, columns: tuple[str, ...], *, copies: bool) -> str:
    """sha256 over the rows as Python prints them, `(1, 5, 'ab12...')` one after another. SQLite puts them together: it
    takes half the time, which matters with millions."""
    ids = t.faces.c.id
    rows = (
        select(_printed(columns).label("row"))
        .where(_scanned("state") == FaceState.KEPT, _scanned("character_id").isnot(None))
        .order_by(ids)
    )
    if not copies:
        rows = rows.where(_scanned("copy_of").is_(None))
    digest, last = hashlib.sha256(), 0
    with catalogue.reading() as db:
        while True:
            some = select(ids).where(ids > last).order_by(ids).limit(TOGETHER).subquery()
            end = db.execute(select(func.max(some.c.id))).scalar()
            if end is None:
                return digest.hexdigest()[:16]
            part = rows.where(ids.between(last + 1, end)).subquery()
            text = db.execute(select(func.group_concat(part.c.row, ""))).scalar()
            digest.update((text or "").encode())
            last = end


def _scanned(name: str) -> ColumnElement[Any]:
    """A column with a plus, which tells SQLite to look for no index: nearly all rows are wanted, in their order."""
    return literal_column(f"+faces.{name}", t.faces.c[name].type)


def _printed(columns: tuple[str, ...]) -> ColumnElement[str]:
    """A row as `repr` prints a tuple of these columns."""
    shown: list[ColumnElement[Any]] = []
    for name in columns:
        value: ColumnElement[str] = literal_column(f"faces.{name}", String)
        if isinstance(t.faces.c[name].type, String):
            value = literal("'") + value + literal("'")
        elif name == "copy_of":
            value = func.coalesce(value, literal("None"))
        shown += [literal(", " if shown else "("), value]
    return reduce(add, [*shown, literal(")")])
