"""How many rows there are of each kind, and what is seen of a picture's faces: kept by triggers, never counted anew.

Triggers belong to the file, so that whoever writes to it, this program or another, by whatever statement, keeps these
tables true in the same transaction. What *Balance* writes to millions of faces (their part) is not among the columns,
so that it costs nothing there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    Select,
    String,
    Table,
    event,
    func,
    select,
)

from core.workspace.selects import conditions
from core.workspace.tables import BY_NAME, metadata


def _text(name: str) -> Column[str]:
    return Column(name, String, nullable=False)


face_counts = Table(
    "face_counts",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("state"),
    Column("copied", Boolean, nullable=False),
    Column("character_id", Integer),
    Column("enrolled", Boolean, nullable=False),
    Column("ignored", Boolean, nullable=False),
    Column("n", Integer, nullable=False),
)
"""n: how many faces have these values. copied: whether it is a balancing copy."""

picture_counts = Table(
    "picture_counts",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("state"),
    _text("kind"),
    _text("review"),
    Column("character_id", Integer),
    Column("n", Integer, nullable=False),
)
"""n: how many pictures have these values."""

picture_faces = Table(
    "picture_faces",
    metadata,
    Column("picture_id", Integer, primary_key=True),
    Column("faces", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("side", Float, nullable=False),
    Column("quality", Float),
    Column("named", Boolean, nullable=False),
)
"""Of the kept and proposed faces of a picture, balancing copies aside: how many, the least sure one's score, the
shorter side of the smallest in pixels, the lowest quality of those that were measured, and whether a proposal has a
name. No row where there is none."""

COUNTS = {"faces": face_counts, "pictures": picture_counts}
for _counts in COUNTS.values():
    Index(f"{_counts.name}_by_value", *(column for column in _counts.c if column.name not in ("id", "n")))

_LOOKED_AT = "picture_id, copy_of, state, character_id, w, h, score, quality"
_SEEN = """SELECT picture_id, count(*), min(score), min(min(w, h)), min(CASE WHEN quality > 0 THEN quality END),
  max(state = 'proposed' AND character_id IS NOT NULL)
FROM faces WHERE copy_of IS NULL AND state IN ('proposed', 'kept') AND {which} GROUP BY picture_id"""


def _value(row: str, column: str) -> str:
    """What a column of counts is, of a row that is written."""
    return f"({row}.copy_of IS NOT NULL)" if column == "copied" else f"{row}.{column}"


def _columns(counts: Table) -> list[str]:
    return [column.name for column in counts.c if column.name not in ("id", "n")]


def _same(counts: Table, row: str) -> str:
    return " AND ".join(f"{column} IS {_value(row, column)}" for column in _columns(counts))


def _one_more(counts: Table) -> str:
    """Looked for first, as the conflict clause of the outer statement would take the place of a trigger's own."""
    names = ", ".join(_columns(counts))
    values = ", ".join(_value("new", column) for column in _columns(counts))
    there = f"SELECT 1 FROM {counts.name} WHERE {_same(counts, 'new')}"  # noqa: S608 -- words of ours
    return (
        f"INSERT INTO {counts.name} ({names}, n) SELECT {values}, 0 WHERE NOT EXISTS ({there}); "  # noqa: S608
        f"UPDATE {counts.name} SET n = n + 1 WHERE {_same(counts, 'new')};"
    )


def _one_less(counts: Table) -> str:
    return f"UPDATE {counts.name} SET n = n - 1 WHERE {_same(counts, 'old')};"  # noqa: S608


def _seen_again(*rows: str) -> str:
    which = f"picture_id IN ({', '.join(f'{row}.picture_id' for row in rows)})"
    return f"DELETE FROM picture_faces WHERE {which}; INSERT INTO picture_faces {_SEEN.format(which=which)};"  # noqa: S608


def _triggers() -> dict[str, str]:
    made = {}
    for table, counts in COUNTS.items():
        columns = ", ".join("copy_of" if column == "copied" else column for column in _columns(counts))
        for name, when, act in (
            ("more", f"AFTER INSERT ON {table}", _one_more(counts)),
            ("less", f"AFTER DELETE ON {table}", _one_less(counts)),
            ("other", f"AFTER UPDATE OF {columns} ON {table}", f"{_one_less(counts)} {_one_more(counts)}"),
        ):
            made[f"{counts.name}_{name}"] = f"CREATE TRIGGER {counts.name}_{name} {when} BEGIN {act} END"
    for name, when, rows in (
        ("inserted", "AFTER INSERT ON faces", ("new",)),
        ("deleted", "AFTER DELETE ON faces", ("old",)),
        ("updated", f"AFTER UPDATE OF {_LOOKED_AT} ON faces", ("old", "new")),
    ):
        made[f"picture_faces_{name}"] = f"CREATE TRIGGER picture_faces_{name} {when} BEGIN {_seen_again(*rows)} END"
    return made


TRIGGERS = _triggers()
"""Name -> statement."""
for _trigger in TRIGGERS.values():
    event.listen(metadata, "after_create", DDL(_trigger))  # type: ignore[no-untyped-call]  # once all tables are there


def _recount(table: str) -> str:
    """The query that counts the rows of a table by their values."""
    values = ", ".join(_value(table, column) for column in _columns(COUNTS[table]))
    return f"SELECT {values}, count(*) FROM {table} GROUP BY {values}"  # noqa: S608 -- words of ours


def count_anew(db: sqlite3.Connection) -> None:
    """What the triggers would have kept, for rows that came in past them; on an open transaction."""
    for table, counts in COUNTS.items():
        db.execute(f"DELETE FROM {counts.name}")  # noqa: S608 -- words of ours
        db.execute(f"INSERT INTO {counts.name} ({', '.join(_columns(counts))}, n) {_recount(table)}")
    db.execute("DELETE FROM picture_faces")
    db.execute(f"INSERT INTO picture_faces {_SEEN.format(which='1')}")


def untrue_counts(db: Connection) -> list[str]:
    """What does not hold of this module's tables, a clause each: where counting anew gives something else."""
    wrong = []
    for table, counts in COUNTS.items():
        names = ", ".join(_columns(counts))
        kept = f"SELECT {names}, sum(n) FROM {counts.name} GROUP BY {names} HAVING sum(n) <> 0"  # noqa: S608
        if _differ(db, kept, _recount(table)):
            wrong.append(f"the {table} were counted wrongly")
    if _differ(db, "SELECT * FROM picture_faces", _SEEN.format(which="1")):
        wrong.append("what is seen of the pictures' faces is not so")
    return wrong


def _differ(db: Connection, one: str, other: str) -> bool:
    """Whether two queries give different rows, in whatever order."""
    return any(
        db.exec_driver_sql(f"SELECT 1 FROM ({a} EXCEPT {b}) LIMIT 1").first() is not None  # noqa: S608
        for a, b in (((one, other)), ((other, one)))
    )


def counted(table: str, by: str, equal: Mapping[str, Any]) -> Select[Any, int]:
    """How many rows of a table have these values (see selects.conditions), for each value of a column: from what is
    kept here, where that tells it."""
    rows = BY_NAME[table]
    counting = select(rows.c[by], func.count()).where(*conditions(rows, equal)).group_by(rows.c[by])
    if table not in COUNTS:
        return counting
    counts, kept = COUNTS[table], dict(equal)
    if table == "faces" and kept.get("copy_of", 0) is None:
        del kept["copy_of"]
        kept["copied"] = False
    if by not in _columns(counts) or not kept.keys() <= set(_columns(counts)):
        return counting
    query = select(counts.c[by], func.sum(counts.c.n)).where(counts.c.n > 0, *conditions(counts, kept))
    return query.group_by(counts.c[by])
