"""crop, balance, detect, undo: from pictures to a split set of faces."""

from __future__ import annotations

from dataclasses import asdict

from core.commands.context import CommandResult, Context, picture_files, table
from core.errors import PictureError
from core.progress import track


def crop(context: Context) -> CommandResult:
    """Find the faces on the pictures that were not looked at yet; or one of the review's options."""
    from core.commands.review import asked
    from core.crop.config import CropConfig
    from core.crop.find_faces import crop as crop_pictures

    answer = asked(context)
    if answer is not None:
        return answer
    args = context.args
    config = CropConfig(args.detector, args.accept, min_side=args.min_side, redo=args.redo)
    with context.opened() as project:
        done = crop_pictures(project, config, report=context.report)
    lines = [
        f"{done.pictures} pictures looked at with {done.detector} in {done.seconds:.1f} s: "
        f"{done.sure} sure, {done.look} to look at, {done.nothing} with nothing found.",
        f"{done.kept} faces kept, {done.proposed} proposed for the review.",
        *([done.note] if done.note else []),
        *done.failed,
    ]
    return CommandResult(asdict(done), "\n".join(lines))


def balance(context: Context) -> CommandResult:
    """Split by groups and fill up to N; with --dry-run only say so; with --remove take the copies back."""
    from core.balance import balancing as step
    from core.balance.config import BalanceConfig

    args = context.args
    config = BalanceConfig(args.per_character, args.cap, args.mode, args.validation, args.strangers, args.seed)
    with context.opened() as project:
        names = {c.id: c.name for c in project.catalogue.characters(removed=True)}
        if args.remove:
            change = step.remove_copies(project)
            n = len(change.edits) if change else 0
            return CommandResult({"removed": n}, f"{n} balancing copies taken back.")
        if args.dry_run:
            plan = step.plan(project.catalogue, config)
            head = ("character", "train", "validation", "stranger", "spare", "copies")
            rows = [(names[c], *(n[key] for key in head[1:])) for c, n in sorted(plan.counts().items())]
            made = [{"face": copy.face_id, "path": copy.path} for copy in plan.copies]
            document = {"characters": [dict(zip(head, row, strict=True)) for row in rows], "copies": made}
            text = "\n".join([table(rows, head), f"{len(made)} copies would be made.", *plan.warnings])
            return CommandResult(document | {"warnings": list(plan.warnings)}, text)
        done = step.balance(project, config, report=context.report)
    text = (
        f"{done.train} faces train, {done.validation} validate, {done.stranger} are strangers, {done.spare} spare; "
        f"{done.copies} copies made; pictures on both sides: {done.leaks}."
    )
    return CommandResult(asdict(done), "\n".join([text, *done.warnings]))


def detect(context: Context) -> CommandResult:
    """Faces on any pictures, without a workspace."""
    from core.imaging.reading import read_picture
    from core.vision import load_detector

    detector = load_detector(context.args.detector, settings=context.settings)
    document, rows = [], []
    files = picture_files(context.args.pictures)
    batch = 16
    groups = [files[i : i + batch] for i in range(0, len(files), batch)]
    for group in track(groups, context.report, "detect"):
        readable, pixels = [], []
        for path in group:
            try:
                pixels.append(read_picture(path))
                readable.append(path)
            except PictureError as error:
                document.append({"picture": str(path), "faces": [], "error": str(error)})
                rows.append((path, "", str(error)))
        found = detector.detect_many(pixels, min_score=context.args.min_score)
        for path, detections in zip(readable, found, strict=True):
            faces = [{"box": d.box.as_list(), "score": round(float(d.score), 4)} for d in detections]
            document.append({"picture": str(path), "faces": faces})
            rows += [(path, f["score"], f["box"]) for f in faces] or [(path, "", "no face found")]
    return CommandResult(document, table(rows, ("picture", "score", "x, y, w, h")))


def undo(context: Context) -> CommandResult:
    """Take back the last decision of a person."""
    from core.workspace.decisions import undo as take_back

    with context.opened() as project:
        change = take_back(project)
    if change is None:
        return CommandResult({"undone": None}, "There is nothing to take back.")
    return CommandResult({"undone": change.action, "at": change.at}, f"Taken back: {change.action} ({change.at}).")
