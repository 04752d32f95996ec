"""Whose something is by now that was a character's: still its own, or that of the one it was merged into."""

from __future__ import annotations

from sqlalchemy import Connection, String, select, type_coerce

from core.workspace import tables as t
from core.workspace.states import CharacterState
from core.workspace.tables import Character

MERGED_INTO = "into"
"""What a merge's edit of the character that it removes tells beside it: the id of the other one."""


def character_today(db: Connection, character_id: int) -> Character | None:
    """The character while it is there, else the one that it was merged into; None where that was deleted."""
    seen: set[int] = set()
    following: int | None = character_id
    while following is not None and following not in seen:
        seen.add(following)
        row = db.execute(select(t.characters).where(t.characters.c.id == following)).mappings().first()
        if row is not None and row["state"] == CharacterState.ACTIVE:
            return Character(**row)
        following = _merged_into(db, following)
    return None


def _merged_into(db: Connection, character_id: int) -> int | None:
    """The id of the character that a removed one was merged into, by the newest change that removed it and stands."""
    changes = t.changes.c
    of_characters = type_coerce(changes.edits, String).contains('"table": "characters"', autoescape=True)
    query = select(changes.edits).where(changes.undone_at == "", of_characters).order_by(changes.id.desc())
    with db.execute(query) as found:
        for edits in found.yield_per(1).scalars():
            for edit in edits:
                removed = edit["after"].get("state") == CharacterState.REMOVED
                if removed and (edit["table"], edit.get("id")) == ("characters", character_id):
                    into: int | None = edit.get(MERGED_INTO)
                    return into
    return None
