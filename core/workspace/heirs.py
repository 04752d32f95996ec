"""Whose something is by now that was a character's: still its own, or that of the one it was merged into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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


def heritage(db: Connection, edits: Iterable[Mapping[str, Any]], since: str) -> dict[int, int]:
    """Of the pictures that came in since a change, and went to the heir of a character that it removed, those that are
    another one's now that it is undone: id of the picture -> id of its character.

    edits: the change's; since: its time. A picture belongs to whoever it was asked for, or to whom that one is today.
    """
    heirs = {edit.get(MERGED_INTO) for edit in edits if _removes(edit)}
    if not heirs:
        return {}
    fetches, pictures = t.fetches.c, t.pictures.c
    query = select(fetches.character_id, pictures.id, pictures.character_id)
    query = query.join(t.pictures, pictures.id == fetches.picture_id)
    query = query.where(fetches.at >= since, fetches.character_id.is_not(None))
    found = db.execute(query.order_by(fetches.id)).all()
    today = {asked: character_today(db, asked) for asked in {asked for asked, _, _ in found}}
    return {
        picture_id: owner.id
        for asked, picture_id, owner_id in found
        if owner_id in heirs and (owner := today[asked]) is not None and owner.id != owner_id
    }


def _removes(edit: Mapping[str, Any]) -> bool:
    return bool(edit["table"] == "characters" and edit["after"].get("state") == CharacterState.REMOVED)


def _merged_into(db: Connection, character_id: int) -> int | None:
    """The id of the character that a removed one was merged into, by the newest change that removed it and stands."""
    changes = t.changes.c
    of_characters = type_coerce(changes.edits, String).contains('"table": "characters"', autoescape=True)
    query = select(changes.edits).where(changes.undone_at == "", of_characters).order_by(changes.id.desc())
    with db.execute(query) as found:
        for edits in found.yield_per(1).scalars():
            for edit in edits:
                if _removes(edit) and edit.get("id") == character_id:
                    into: int | None = edit.get(MERGED_INTO)
                    return into
    return None
