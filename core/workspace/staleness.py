"""What was made from what: fingerprints of the faces, and whether a result is older than they are.

A fingerprint is a short digest over what a result depends on; a result remembers it, and is stale once it differs. It
is taken over digests of blocks of faces, of which only those that have changed (core.workspace.blocks) are read again.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, func, literal, literal_column, select

from core.atomic import write_json
from core.documents import parse_json
from core.workspace import tables as t
from core.workspace.blocks import BLOCK, face_blocks
from core.workspace.catalogue import Catalogue
from core.workspace.states import FaceState
from core.workspace.tables import Result

FACES = ("id", "character_id", "sha256")
SPLIT = (*FACES, "split", "copy_of")

PREFIX = "blocks:"
"""Before a fingerprint; one of an earlier version has none, and is compared with what that version would have taken."""

KEPT_FROM = 4
"""Blocks from which on their digests are kept on the disk: fewer are read again in a moment."""


def faces_fingerprint(catalogue: Catalogue) -> str:
    """Changes when a face is kept, rejected, recut or given to another character; not when it is copied.

    A face without a character changes nothing: no step that remembers a fingerprint uses it.
    """
    return _digest(catalogue, FACES)


def split_fingerprint(catalogue: Catalogue) -> str:
    """Changes with the faces, their split and their balancing copies: what a training depends on."""
    return _digest(catalogue, SPLIT)


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
    depends_on = split_fingerprint if kind == "run" else faces_fingerprint
    made_from = found[0].made_from
    if made_from.startswith(PREFIX):
        return Freshness(found[0], made_from != depends_on(catalogue))
    columns = SPLIT if kind == "run" else FACES
    earlier = catalogue.remembered(("earlier digest", columns), lambda: _as_earlier_versions(catalogue, columns))
    return Freshness(found[0], made_from != earlier)


def _digest(catalogue: Catalogue, columns: tuple[str, ...]) -> str:
    """sha256 over the digests of the blocks; those of blocks that have not changed since are known."""
    return catalogue.remembered(("digest", columns), lambda: _computed(catalogue, columns))


def _computed(catalogue: Catalogue, columns: tuple[str, ...]) -> str:
    known, key = _known(catalogue), " ".join(columns)
    before = known.get(key, {})
    with catalogue.reading() as db:
        now = {}
        for block, mark in db.execute(select(face_blocks).order_by(face_blocks.c.block)).all():
            there = before.get(str(block), ["", ""])
            now[str(block)] = there if there[0] == mark else [mark, _digest_of(_text(db, columns, block))]
    if now != before and len(now) >= KEPT_FROM:
        _keep(catalogue, known | {key: now})
    together = "".join(digest for _, digest in now.values())
    return PREFIX + _digest_of(together)[:16]


def _as_earlier_versions(catalogue: Catalogue, columns: tuple[str, ...]) -> str:
    """sha256 over all rows at once."""
    digest = hashlib.sha256()
    with catalogue.reading() as db:
        for block in db.execute(select(face_blocks.c.block).order_by(face_blocks.c.block)).scalars().all():
            digest.update(_text(db, columns, block).encode())
    return digest.hexdigest()[:16]


def _text(db: Connection, columns: tuple[str, ...], block: int) -> str:
    """The rows of a block as Python prints them, `(1, 5, 'ab12...')` one after another; SQLite puts them together,
    which takes half the time."""
    rows = (
        select(_printed(columns).label("row"))
        .where(_scanned("state") == FaceState.KEPT, _scanned("character_id").isnot(None))
        .where(t.faces.c.id.between(block * BLOCK, (block + 1) * BLOCK - 1))
        .order_by(t.faces.c.id)
    )
    if columns == FACES:
        rows = rows.where(_scanned("copy_of").is_(None))
    return db.execute(select(func.group_concat(rows.subquery().c.row, ""))).scalar() or ""


def _digest_of(text: str) -> str:
    """Of no rows: "", so that a block without any changes nothing."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def _place(catalogue: Catalogue) -> Path:
    return catalogue.path.parent / "cache" / "fingerprints.json"


def _known(catalogue: Catalogue) -> dict[str, dict[str, list[Any]]]:
    """Mark and digest of each block, by the columns; nothing where that was not kept, or is damaged."""
    try:
        known = parse_json(_place(catalogue).read_text())
        return {key: {block: [mark, str(digest)] for block, (mark, digest) in of.items()} for key, of in known.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _keep(catalogue: Catalogue, known: dict[str, dict[str, list[Any]]]) -> None:
    if not catalogue.read_only:
        with suppress(OSError):  # a full disk: it is read again next time
            write_json(_place(catalogue), known)


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
