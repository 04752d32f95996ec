"""Files of a character's pictures and faces that lie in another folder than the character's, as a picture did that came
in while its character was renamed. Another character may get that folder, whose they would seem to be."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, literal, select

from core.workspace import tables as t
from core.workspace.crops import UNNAMED
from core.workspace.folders import slug
from core.workspace.states import CharacterState


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A row whose file lies in a wrong folder. table: `pictures` or `faces`; path: where it is."""

    table: str
    id: int
    path: str


def misplaced(db: Connection) -> list[Misplaced]:
    """What lies elsewhere though its character is there, or though it is nobody's.

    A folder that a person made is right too where its name becomes the character's: `Rei Ayanami` for `Rei_Ayanami`.
    """
    return [*_misplaced(db, "pictures"), *_misplaced(db, "faces")]


def _misplaced(db: Connection, name: str) -> list[Misplaced]:
    table, characters = t.BY_NAME[name], t.characters
    folder = func.coalesce(characters.c.slug, UNNAMED)
    right = literal(f"{name}/") + folder + "/"
    query = select(table.c.id, table.c.path, folder)
    query = query.join(characters, characters.c.id == table.c.character_id, isouter=True)
    query = query.where(func.coalesce(characters.c.state, CharacterState.ACTIVE) == CharacterState.ACTIVE)
    query = query.where(table.c.state != "removed", table.c.path.startswith(f"{name}/"))
    query = query.where(func.substr(table.c.path, 1, func.length(right)) != right).order_by(table.c.id)
    return [
        Misplaced(name, row_id, path)
        for row_id, path, folder_name in db.execute(query)
        if slug(path.split("/")[1]).casefold() != folder_name.casefold()
    ]
