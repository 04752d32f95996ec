"""Edits of several characters at once: merge them, remove them, say which series they are from. Each is one change."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from core.errors import CatalogueError
from core.workspace import tables as t
from core.workspace.characters import row_ids, write_deletion, write_merge
from core.workspace.folders import checked_name
from core.workspace.heirs import character_today, heritage
from core.workspace.history import Edit
from core.workspace.misplaced import misplaced
from core.workspace.orphans import orphaned_faces, orphaned_pictures
from core.workspace.project import Project
from core.workspace.states import CharacterState
from core.workspace.tables import Change, Character
from core.workspace.transaction import Transaction, transaction


def merge_all(project: Project, characters: Sequence[Character], into: str) -> Change | None:
    """Make several characters one, of a name that is theirs, another one's, or new. None where nothing changed."""
    into = checked_name(into)
    with transaction(project) as tx:
        target = tx.add_character(into).id
        others = [one for one in characters if one.id != target]
        for one in others:
            write_merge(tx, one.id, target)
        change = tx.record(f"{_names(others)} merged into {into}")
    return None if change is None else project.catalogue.change_by_id(change)


def remove_all(project: Project, characters: Sequence[Character], *, keep_faces: bool) -> Change | None:
    """Remove characters. keep_faces: their pictures and faces are nobody's from then on; else they go to the bin.

    Raises CatalogueError where none is given.
    """
    if not characters:
        raise CatalogueError("No character is chosen. Pick at least one.")
    with transaction(project) as tx:
        for one in characters:
            (_write_release if keep_faces else write_deletion)(tx, one)
        words = "removed, their faces are unnamed" if keep_faces else "deleted"
        words = words.replace("their", "its") if len(characters) == 1 else words
        change = tx.record(f"{_names(characters)} {words}")
    return None if change is None else project.catalogue.change_by_id(change)


def give_away_orphans(project: Project) -> None:
    """Give pictures and faces of removed characters to whoever those were merged into, else to nobody; undoable."""
    with transaction(project) as tx:
        orphans = [("pictures", row.id, row.character_id) for row in orphaned_pictures(tx.db)]
        orphans += [("faces", row.id, row.character_id) for row in orphaned_faces(tx.db)]
        gone = {character_id for _, _, character_id in orphans if character_id is not None}
        heirs = {character_id: character_today(tx.db, character_id) for character_id in gone}
        for table, row_id, character_id in orphans:
            heir = heirs[character_id] if character_id is not None else None
            tx.edit(Edit(table, row_id, {"character_id": None if heir is None else heir.id}, decides=False))
        tx.record(f"{len(orphans)} pictures and faces of removed characters given away")


def give_back(tx: Transaction, undone: RowMapping) -> None:
    """What came in for a character while a change that is undone had it removed goes back to it."""
    pictures, faces = t.pictures.c, t.faces.c
    for picture_id, owner in heritage(tx.db, undone["edits"], undone["at"]).items():
        heir = tx.db.execute(select(pictures.character_id).where(pictures.id == picture_id)).scalar()
        own = select(faces.id).where(faces.picture_id == picture_id, faces.character_id.is_not_distinct_from(heir))
        rows = [("pictures", picture_id), *(("faces", face_id) for face_id in tx.db.execute(own).scalars())]
        for table, row_id in rows:
            tx.edit(Edit(table, row_id, {"character_id": owner}, decides=False))


def put_in_place(project: Project) -> None:
    """Move files that lie in another folder than their character's into that one; undoable."""
    with transaction(project) as tx:
        found = misplaced(tx.db)
        for one in found:
            tx.put_in_place(one.table, one.id)
        tx.record(f"{len(found)} {'file' if len(found) == 1 else 'files'} moved into their characters' folders")


def set_series(project: Project, characters: Sequence[Character], series: str) -> Change | None:
    """Say which series characters are from. None where nothing changed."""
    with transaction(project) as tx:
        for one in characters:
            tx.edit(Edit("characters", one.id, {"series": series}))
        change = tx.record(f"{_names(characters)}: from {series}" if series else f"{_names(characters)}: no series")
    return None if change is None else project.catalogue.change_by_id(change)


def _write_release(tx: Transaction, character: Character) -> None:
    for table in ("pictures", "faces"):
        for row_id in row_ids(tx, table, character.id):
            tx.edit(Edit(table, row_id, {"character_id": None}, decides=False))
    tx.edit(Edit("characters", character.id, {"state": CharacterState.REMOVED}))


def _names(characters: Sequence[Character]) -> str:
    names = [one.name for one in characters]
    if len(names) > 3:
        return f"{len(names)} characters"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
