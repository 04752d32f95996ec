"""Which faces changed: a mark for each block of them, drawn anew by triggers whenever a fingerprint may change.

Triggers belong to the file, so that whoever writes to it, this program or another, by whatever statement, changes the
marks as well. A mark is a random number: a catalogue that was restored or copied never has an old one by chance.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy import DDL, Column, Integer, Table, event

from core.workspace.tables import metadata

BLOCK = 16_384
"""Faces whose ids stand next to each other: what a change makes a fingerprint read again."""

face_blocks = Table(
    "face_blocks",
    metadata,
    Column("block", Integer, primary_key=True),
    Column("mark", Integer, nullable=False),
)
"""block: of ids, id / BLOCK; mark: a random number."""

_MARK = (
    "DELETE FROM face_blocks WHERE block = {row}.id / {block}; "
    "INSERT INTO face_blocks VALUES ({row}.id / {block}, random());"
)
_EVENTS = {
    "inserted": ("AFTER INSERT ON faces", "new"),
    "updated": ("AFTER UPDATE OF id, state, character_id, sha256, split, copy_of ON faces", "new"),
    "deleted": ("AFTER DELETE ON faces", "old"),
}
# Deleted and inserted, as the conflict clause of the outer statement would take the place of a trigger's own.
TRIGGERS = {
    f"face_{name}": f"CREATE TRIGGER face_{name} {when} BEGIN {_MARK.format(row=row, block=BLOCK)} END"
    for name, (when, row) in _EVENTS.items()
}
"""Name -> statement."""
for _trigger in TRIGGERS.values():
    event.listen(metadata, "after_create", DDL(_trigger))  # type: ignore[no-untyped-call]  # once all tables are there


def mark_all(db: sqlite3.Connection) -> None:
    """Every block as changed; on an open transaction."""
    db.execute("DELETE FROM face_blocks")
    db.execute(f"INSERT INTO face_blocks SELECT id / {BLOCK}, random() FROM faces GROUP BY 1")  # noqa: S608 -- ours
