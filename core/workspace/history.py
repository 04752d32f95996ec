"""The history of decisions, on one connection: edits applied and remembered, a change found and reversed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, Table, func, insert, select, update

from core.errors import CatalogueError
from core.workspace import tables as t
from core.workspace.one_of import one_of

DETECTOR = "detector"
IMPORT, SYNC = "import", "sync"
MACHINES = (DETECTOR, IMPORT, SYNC)
"""Who decided, where it was no person: their changes are not a person's to undo one by one."""

DECISIONS = frozenset(("state", "character_id", "x", "y", "w", "h", "reason", "negatives", "ignored"))
"""Columns of a face that say what somebody decided about it; its path, its part or its enrolment do not."""

ALIKE = frozenset(("split",))
"""Columns that many rows may be given at once: no decision, and no file follows them."""
AT_ONCE = 100_000
"""Rows that one statement writes at most."""


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for one row. `expected_revision`: refuse where somebody else decided in between (faces). told:
    what the history says beside them, for whoever reads it later. decides: whether a face that gets them counts as
    decided about; not where only its character becomes another one."""

    table: str
    id: int
    after: Mapping[str, Any] = field(default_factory=dict)
    expected_revision: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    decides: bool = True


def now() -> str:
    """The time of a decision: UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def insert_row(db: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Add a row; its id."""
    key = db.execute(insert(table).values(**values)).inserted_primary_key
    row_id: int = key[0]  # type: ignore[index]  # None only where one statement inserts several rows
    return row_id


def apply(db: Connection, edit: Edit, who: str, at: str) -> dict[str, Any] | None:
    """Write an edit; what it changed, before and after, or None where it changes nothing.

    Raises CatalogueError for a row that is not there, or a face that has another revision than expected.
    """
    table = t.BY_NAME[edit.table]
    row = db.execute(select(table).where(table.c.id == edit.id)).mappings().first()
    if row is None:
        raise CatalogueError(f"There is no row {edit.id} in {edit.table} to change.")
    if edit.expected_revision is not None and row["revision"] != edit.expected_revision:
        raise CatalogueError(f"Face {edit.id} was changed elsewhere in the meantime. Look at it again, then decide.")
    after = {key: value for key, value in edit.after.items() if row[key] != value}
    if not after:
        return None
    if edit.table == "faces":
        after["revision"] = row["revision"] + 1
        if edit.decides and DECISIONS & set(after):
            after |= {"decided_by": who, "decided_at": at}
    db.execute(update(table).where(table.c.id == edit.id).values(**after))
    before = {key: row[key] for key in after if key != "revision"}
    after.pop("revision", None)
    return {"table": edit.table, "id": edit.id, "before": before, "after": after, **edit.told}


def apply_alike(db: Connection, table_name: str, ids: Sequence[int], column: str, value: Any) -> list[dict[str, Any]]:
    """Give many rows one value of a column of ALIKE; what was changed: one edit for each value that they had, with
    `ids` in place of `id`, so that a division of millions is a few numbers each."""
    table = t.BY_NAME[table_name]
    if column not in ALIKE:
        raise ValueError(f"{column} cannot be given to many rows at once: only {', '.join(sorted(ALIKE))}")
    had: dict[Any, list[int]] = {}
    for some in some_of(ids):
        query = select(table.c.id, table.c[column]).where(one_of(table.c.id, some), table.c[column] != value)
        for row_id, before in db.execute(query.order_by(table.c.id)).all():
            had.setdefault(before, []).append(row_id)
    after = {column: value}
    for own in had.values():
        restore_alike(db, table_name, own, after)
    return [
        {"table": table_name, "ids": own, "before": {column: before}, "after": after} for before, own in had.items()
    ]


def restore_alike(db: Connection, table_name: str, ids: Sequence[int], values: Mapping[str, Any]) -> None:
    """Put the same values into many rows; a face's revision goes on."""
    table = t.BY_NAME[table_name]
    changed = {**values, **({"revision": table.c.revision + 1} if table_name == "faces" else {})}
    for some in some_of(ids):
        db.execute(update(table).where(one_of(table.c.id, some)).values(changed))


def some_of(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in parts of AT_ONCE."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def edited(edits: Iterable[Mapping[str, Any]], table_name: str) -> Iterator[int]:
    """The ids of the rows of a table that a change edited."""
    for edit in edits:
        if edit["table"] == table_name:
            yield from edit.get("ids") or (edit["id"],)


def record(db: Connection, action: str, who: str, edits: list[dict[str, Any]]) -> int:
    """Remember edits as one change; its id."""
    row = {"at": now(), "who": who, "action": action, "edits": edits, "undone_at": ""}
    return insert_row(db, t.changes, row)


def restore(db: Connection, table_name: str, row_id: int, values: Mapping[str, Any]) -> None:
    """Put values back into a row; a face's revision goes on, for it was changed."""
    table = t.BY_NAME[table_name]
    values = dict(values)
    if table_name == "faces":
        values["revision"] = table.c.revision + 1
    db.execute(update(table).where(table.c.id == row_id).values(**values))


def reverse(edits: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The edits that take these back, in the order in which they do."""
    return [{**edit, "before": edit["after"], "after": edit["before"]} for edit in reversed(edits)]


def extend(
    db: Connection, change_id: int, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Say that a change made these edits too, before and after its others."""
    if not (before or after):
        return
    edits = db.execute(select(t.changes.c.edits).where(t.changes.c.id == change_id)).scalar_one()
    db.execute(update(t.changes).where(t.changes.c.id == change_id).values(edits=[*before, *edits, *after]))


def mark(db: Connection, change_id: int, *, undone_at: str) -> None:
    """Say of a change that it is undone, or with "" that it holds again."""
    db.execute(update(t.changes).where(t.changes.c.id == change_id).values(undone_at=undone_at))


def to_undo(db: Connection, *columns: Column[Any]) -> RowMapping | None:
    """The newest change of a person that stands. columns: these alone."""
    standing = select(*(columns or t.changes.c)).where(t.changes.c.undone_at == "", t.changes.c.who.not_in(MACHINES))
    return db.execute(standing.order_by(t.changes.c.id.desc())).mappings().first()


def to_redo(db: Connection, *columns: Column[Any]) -> RowMapping | None:
    """The oldest undone change after a person's newest standing one; what was undone before a person decided something
    new is not made again, even where that was undone too. columns: these alone."""
    standing = select(func.max(t.changes.c.id)).where(t.changes.c.undone_at == "", t.changes.c.who.not_in(MACHINES))
    last = db.execute(standing).scalar() or 0
    undone = select(*(columns or t.changes.c)).where(t.changes.c.undone_at != "", t.changes.c.id > last)
    later = t.changes.alias()
    decided = later.c.id > t.changes.c.id, later.c.at >= t.changes.c.undone_at, later.c.who.not_in(MACHINES)
    undone = undone.where(~select(later.c.id).where(*decided).exists())
    return db.execute(undone.order_by(t.changes.c.id)).mappings().first()
