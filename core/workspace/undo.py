"""Undo and redo of a person's changes, files included, after a restart too."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import LargeBinary, RowMapping, cast, func, select

from core.errors import Cancelled, CatalogueError
from core.progress import Progress, Reporter, silent
from core.workspace import history
from core.workspace import tables as t
from core.workspace.cast import give_back
from core.workspace.catalogue import Catalogue
from core.workspace.moves import StagedFiles
from core.workspace.moving_folders import make_way
from core.workspace.project import Project
from core.workspace.recut import stage_crops
from core.workspace.states import CharacterState, FaceState, PictureState
from core.workspace.tables import Change
from core.workspace.transaction import StagedCrop, Transaction, transaction

TRIES = 3
"""Somebody else may decide between the cutting of crops and the write."""

LONG = 1_000_000
"""Bytes of a change's edits from which on its undo is no work for a page that waits: some 8,000 faces named one by
one, or the parts of 130,000."""
STOPPED = "Stopped as you asked. Everything is as it was before."


def undo(project: Project, *, report: Reporter = silent) -> Change | None:
    """Take back the newest change of a person that is not taken back yet; None where there is none.

    What a detector proposed is no decision: it is looked at again, not undone. Stage reported: `undo`, in rows;
    cancelled, nothing is changed.
    """
    return _again(project, history.to_undo, "before", report, reverse=True)


def redo(project: Project, *, report: Reporter = silent) -> Change | None:
    """Make the last undone change again, unless something was decided since; None where there is none. As `undo`."""
    return _again(project, history.to_redo, "after", report, reverse=False)


def is_long(catalogue: Catalogue, change: Change) -> bool:
    """Whether to take this change back, or to make it again, takes seconds: then it is a job. Edits are not parsed."""
    query = select(func.length(cast(t.changes.c.edits, LargeBinary))).where(t.changes.c.id == change.id)

    def measure() -> bool:
        with catalogue.reading() as db:
            return int(db.execute(query).scalar() or 0) >= LONG

    return catalogue.remembered(("long", change.id), measure)


def _again(
    project: Project,
    find: Callable[..., RowMapping | None],
    side: str,
    report: Reporter,
    *,
    reverse: bool,
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
                    now = find(tx.db, t.changes.c.id)
                    if now is None or now["id"] != row["id"]:
                        raise CatalogueError("Something else was decided in the meantime. Look again, then undo.")
                    make_way(tx, edits, side)
                    way, tx.edits = tx.edits, []
                    _restore(tx, edits, side, crops, report)
                    undone_at = tx.at if reverse else ""
                    history.mark(tx.db, row["id"], undone_at=undone_at)
                    if reverse:
                        give_back(tx, row)
                        # Made again, the change takes first what was given back, and whoever made way is called at
                        # its end what it was called before.
                        history.extend(tx.db, row["id"], history.reverse(tx.edits), history.reverse(way))
                    else:
                        history.extend(tx.db, row["id"], way)
        except CatalogueError:
            if attempt == TRIES - 1:
                raise
            continue
        return Change(**{**row, "undone_at": undone_at})
    return None


def _restore(
    tx: Transaction,
    edits: Sequence[dict[str, Any]],
    side: str,
    crops: Mapping[int, StagedCrop],
    report: Reporter,
) -> None:
    """Put back what the edits say. Raises Cancelled, in words that fit, where the reporter does."""
    start, done = time.monotonic(), 0
    total = sum(len(edit.get("ids", "1")) for edit in edits)

    def count(n: int) -> None:
        nonlocal done
        done += n
        try:
            report(Progress("undo", done, total, time.monotonic() - start))
        except Cancelled as stop:
            raise Cancelled(STOPPED) from stop

    count(0)
    for edit in edits:
        if "ids" in edit:
            for some in history.some_of(edit["ids"]):
                history.restore_alike(tx.db, edit["table"], some, edit[side])
                count(len(some))
            continue
        if not _is_in_use(tx, edit, side):
            crop = crops.get(edit["id"]) if edit["table"] == "faces" else None
            tx.restore(edit["table"], edit["id"], edit[side], crop)
        count(1)


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
