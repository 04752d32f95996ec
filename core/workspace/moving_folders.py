"""A character's files follow its name; whoever has a name that is put back makes way for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from sqlalchemy import select

from core.workspace import tables as t
from core.workspace.crops import UNNAMED
from core.workspace.folders import slug
from core.workspace.history import Edit
from core.workspace.tables import Character
from core.workspace.transaction import Transaction


def make_way(tx: Transaction, edits: Iterable[Mapping[str, Any]], side: str) -> None:
    """Before names or folders of characters are put back: whoever got one of them since is called otherwise.

    edits: those of a change; side: `before` or `after`.
    """
    wanted = [edit for edit in edits if edit["table"] == "characters" and edit[side].keys() & {"name", "slug"}]
    moving = [edit["id"] for edit in wanted]
    for edit in wanted:
        name, folder = edit[side].get("name"), edit[side].get("slug", "").casefold()
        everybody = [Character(**row) for row in tx.db.execute(select(t.characters)).mappings()]
        for other in everybody:
            if other.id in moving or (other.name != name and other.slug.casefold() != folder):
                continue
            called = other.name
            if called == name:
                names = {one.name for one in everybody}
                called = next(one for n in count(2) if (one := f"{name[:190]} ({n})") not in names)
            new = slug(called, {one.slug.casefold() for one in everybody} | {UNNAMED, folder})
            tx.edit(Edit("characters", other.id, {"name": called, "slug": new}))
            move_folder(tx, other, new)


def move_folder(tx: Transaction, character: Character, folder: str) -> None:
    """All files of a character go into another folder."""
    for table in ("pictures", "faces"):
        column = t.BY_NAME[table].c
        query = select(column.id, column.path).where(column.character_id == character.id)
        for row_id, path in tx.db.execute(query).all():
            for top in (f"{table}/", f"bin/{table}/"):
                if path.startswith(f"{top}{character.slug}/"):
                    tx.edit(Edit(table, row_id, {"path": f"{top}{folder}/{path.rpartition('/')[2]}"}))
