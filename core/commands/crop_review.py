"""crop's review without a screen: list what to look at, keep, reject or name faces by id, boxes out and in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.commands.context import CommandResult, Context, table
from core.errors import ConfirmationNeeded, DataError
from core.workspace.catalogue import Catalogue
from core.workspace.history import edited
from core.workspace.states import LIVE_FACES, Kind
from core.workspace.tables import Change, Face


def review_list(context: Context[Any]) -> CommandResult:
    """The review queue, worst first, with the faces of each picture and their ids."""
    from core.crop.queue import Filter, review_queue, tally

    with context.opened() as project:
        names = {c.id: c.name for c in project.catalogue.characters(removed=True)}
        items = review_queue(project.catalogue, Filter(context.args.status))
        paths = {p.id: p.path for p in project.catalogue.pictures(kind=Kind.PICTURE)}
        faces: dict[int, list[Face]] = {}
        for face in project.catalogue.faces(state=LIVE_FACES, copy_of=None):
            faces.setdefault(face.picture_id, []).append(face)
        counts = tally(project.catalogue)
    rows: list[tuple[object, ...]] = []
    document = []
    for item in items:
        own = faces.get(item.picture_id, [])
        shown = [
            {
                "id": f.id,
                "box": f.box.as_list(),
                "score": round(f.score, 4),
                "state": f.state,
                "character": _name(names, f.character_id),
            }
            for f in own
        ]
        about = {"picture_id": item.picture_id, "picture": paths[item.picture_id], "reason": item.reason}
        document.append(about | {"character": _name(names, item.character_id), "faces": shown})
        ids = " ".join(str(f.id) for f in own)
        rows.append((item.reason, paths[item.picture_id], _name(names, item.character_id) or "", ids))
    text = table(rows, ("reason", "picture", "character", "face ids")) if rows else "Nothing is waiting for a look."
    return CommandResult({"pictures": document, "review": counts}, text)


def _name(names: dict[int, str], character_id: int | None) -> str | None:
    """A character's name; None for a face that nobody named."""
    return None if character_id is None else names[character_id]


def keep(context: Context[Any]) -> CommandResult:
    """Keep faces by id; with --as, under another name."""
    from core.workspace import faces as faces_of

    with context.opened() as project:
        faces = _faces(project.catalogue, context.args.keep)
        if context.args.named:
            change = faces_of.relabel(project, faces, project.catalogue.character(context.args.named))
        else:
            change = faces_of.keep(project, faces)
    return _done(change, faces)


def reject(context: Context[Any]) -> CommandResult:
    """Reject faces by id, with the reason."""
    from core.workspace import faces as faces_of

    with context.opened() as project:
        faces = _faces(project.catalogue, context.args.reject)
        change = faces_of.reject(project, faces, context.args.reason)
    return _done(change, faces)


def export_boxes(context: Context[Any]) -> CommandResult:
    """Boxes out: COCO where the path ends in .json, else a folder of YOLO labels with the pictures."""
    from core.crop.annotation_files import export_coco, export_yolo

    out: Path = context.args.export_boxes
    with context.opened() as project:
        if out.suffix.lower() == ".json":
            export_coco(project.catalogue, out)
        else:
            export_yolo(project, out)
        n = len(project.catalogue.faces(state=LIVE_FACES, copy_of=None))
    return CommandResult({"out": str(out), "faces": n}, f"{n} boxes are in {out}.")


def import_boxes(context: Context[Any]) -> CommandResult:
    """Boxes in, as one change that undo takes back: a COCO file, a folder of YOLO labels, or of pictures with XMP."""
    from core.crop.annotation_files import import_coco, import_folder

    source = context.args.import_boxes
    with context.opened() as project:
        read = import_folder if source.is_dir() else import_coco
        try:
            done = read(project, source, force=context.args.force, report=context.report)
        except ConfirmationNeeded as error:
            raise ConfirmationNeeded(f"{error} Add --force to import it all the same.") from error
    text = (
        f"{done.pictures} pictures: {done.same} boxes as before, {done.moved} moved, {done.renamed} renamed, "
        f"{done.added} new, {done.rejected} rejected."
    )
    more = [f"New characters: {', '.join(done.new_characters)}."] if done.new_characters else []
    more += [f"Not a picture of this workspace: {', '.join(done.unknown[:10])}."] if done.unknown else []
    more += done.problems
    return CommandResult(asdict(done), "\n".join([text, *more]))


def _faces(catalogue: Catalogue, ids: Sequence[int]) -> list[Face]:
    faces = catalogue.faces(ids=ids, copy_of=None)
    missing = sorted(set(ids) - {f.id for f in faces})
    if missing:
        raise DataError(f"There is no face {', '.join(map(str, missing))} here. `crop --review-list` shows the ids.")
    return faces


def _done(change: Change | None, faces: list[Face]) -> CommandResult:
    ids = [f.id for f in faces]
    if change is None:
        return CommandResult({"changed": [], "faces": ids}, "Nothing to change: that was decided already.")
    changed = sorted(set(edited(change.edits, "faces")))
    return CommandResult(
        {"changed": changed, "faces": ids, "action": change.action}, f"{change.action}. `undo` takes it back."
    )


ACTS: dict[str, Callable[[Context[Any]], CommandResult]] = {
    "review_list": review_list,
    "keep": keep,
    "reject": reject,
    "export_boxes": export_boxes,
    "import_boxes": import_boxes,
}
