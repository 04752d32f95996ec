"""Undo and redo of a person's changes, files included, after a restart too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from core.errors import CatalogueError
from core.workspace import history
from core.workspace import tables as t
from core.workspace.moves import StagedFiles
from core.workspace.project import Project
from core.workspace.recut import stage_crops
from core.workspace.states import CharacterState, FaceState, PictureState
from core.workspace.tables import Change
from core.workspace.transaction import Transaction, transaction

TRIES = 3
"""Somebody else may decide between the cutting of crops and the write."""


def undo(project: Project) -> Change | None:
    """Take back the newest change of a person that is not taken back yet; None where there is none.

    What a detector proposed is no decision: it is looked at again, not undone.
    """
    return _again(project, history.to_undo, "before", reverse=True)


def redo(project: Project) -> Change | None:
    """Make the last undone change again, unless something was decided since; None where there is none."""
    return _again(project, history.to_redo, "after", reverse=False)


def _again(
    project: Project, find: Callable[[Connection], RowMapping | None], side: str, *, reverse: bool
) -> Change | None:
    for attempt in range(TRIES):
        with project.catalogue.reading() as db:
            row = find(db)
        if row is None:
            return None
        edits = list(reversed(row["edits"])) if reverse else row["edits"]
        try:
            with StagedFiles(project.workspace) as staged:
                updates = ((e["id"], e[side]) for e in edits if e["table"] == "faces" and "id" in e)
                crops = stage_crops(project, updates, staged, lenient=True)
                with transaction(project) as tx:
                    now = find(tx.db)
                    if now is None or now["id"] != row["id"]:
                        raise CatalogueError("Something else was decided in the meantime. Look again, then undo.")
                    for edit in edits:
                        if "ids" in edit:
                            history.restore_alike(tx.db, edit["table"], edit["ids"], edit[side])
                        elif not _is_in_use(tx, edit, side):
                            crop = crops.get(edit["id"]) if edit["table"] == "faces" else None
                            tx.restore(edit["table"], edit["id"], edit[side], crop)
                    history.mark(tx.db, row["id"], undone_at=tx.at if reverse else "")
        except CatalogueError:
            if attempt == TRIES - 1:
                raise
            continue
        return project.catalogue.change_by_id(row["id"])
    return None


def _is_in_use(tx: Transaction, edit: dict[str, Any], side: str) -> bool:
    """Whether an edit would take away a character that has pictures or faces by now: it stays then."""
    if edit["table"] != "characters" or edit[side].get("state") != CharacterState.REMOVED:
        return False
    gone = {"pictures": PictureState.REMOVED, "faces": FaceState.REMOVED}
    for name, state in gone.items():
        table = t.BY_NAME[name]
        query = select(func.count()).where(table.c.character_id == edit["id"], table.c.state != state)
        if tx.db.execute(query).scalar_one():
            return True
    return False
