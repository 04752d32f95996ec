"""What was made from what: fingerprints of the faces, and whether a result is older than they are.

A fingerprint is a short digest over what a result depends on; a result remembers it, and is stale once it differs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.states import FaceState
from core.workspace.tables import Result

FACES = ("id", "character_id", "sha256")
SPLIT = (*FACES, "split", "copy_of")


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
    query = (
        select(*(t.faces.c[name] for name in columns))
        .where(t.faces.c.state == FaceState.KEPT, t.faces.c.character_id.isnot(None))
        .order_by(t.faces.c.id)
    )
    if not copies:
        query = query.where(t.faces.c.copy_of.is_(None))
    digest = hashlib.sha256()
    with catalogue.reading() as db:
        for row in db.execute(query):
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()[:16]
