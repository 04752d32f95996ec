"""The triggers that a catalogue needs: whether they are there, and how they come back, with all that they keep.

Another program, or a restore of single tables, may lose them; what they keep is then untrue from the next write on.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection

from core.workspace import blocks, counters

TRIGGERS = counters.TRIGGERS | blocks.TRIGGERS
"""Name -> statement."""


def lost_triggers(db: Connection) -> list[str]:
    """The names of those that are not there, or are there and do something else."""
    rows = db.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    there = {name: _words(sql) for name, sql in rows}
    return [name for name, statement in TRIGGERS.items() if there.get(name) != _words(statement)]


def unmarked_blocks(db: Connection) -> list[int]:
    """The blocks of faces that have no mark, by their numbers."""
    query = f"SELECT DISTINCT id / {blocks.BLOCK} FROM faces EXCEPT SELECT block FROM face_blocks"  # noqa: S608
    return list(db.exec_driver_sql(query).scalars())


def make_anew(db: Connection) -> None:
    """The triggers as they must be, everything counted anew, and every block marked as changed; on an open
    transaction."""
    for name, statement in TRIGGERS.items():
        db.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        db.exec_driver_sql(statement)
    raw = db.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    counters.count_anew(raw)
    blocks.mark_all(raw)


def _words(sql: str) -> list[str]:
    """A statement without its spacing, which the step that brought an old catalogue up to date chose otherwise."""
    return sql.split()
