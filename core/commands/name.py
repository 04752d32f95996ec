"""enrol, recognise and the tour: who is it, with the evidence, or unknown."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from core.commands import faces, gather, learn
from core.commands.context import CommandResult, Context, picture_files, table
from core.errors import DataError, DetectorError, PictureError


def enrol(context: Context) -> CommandResult:
    """Every kept face, or the faces named, as a character; no training."""
    from core.recognise import recogniser as step

    args = context.args
    with context.opened() as project:
        if not args.character:
            gallery = step.enrol_all(project, encoder=args.encoder, report=context.report)
        for name, *items in args.character or []:
            if not items:
                raise DataError(f"Name the faces of {name} too: ids, or paths of pictures.")
            chosen = [int(item) if item.isdigit() else Path(item) for item in items]
            gallery = step.enrol(project, name, chosen, encoder=args.encoder, report=context.report)
        encoder = project.catalogue.results("gallery")[0].name
    counts = {name: gallery.count(name) for name in gallery.names}
    document = {"encoder": encoder, "faces": len(gallery), "characters": counts}
    return CommandResult(
        document, f"{len(gallery)} faces of {len(counts)} characters answer now, by the encoder {encoder}."
    )


def recognise(context: Context) -> CommandResult:
    """Each face on each picture: match, unsure or unknown."""
    from core.imaging.reading import read_picture
    from core.progress import track
    from core.recognise.recogniser import open_recogniser

    args = context.args
    if not 0 < args.far < 1:
        raise DataError(f"--far is a rate between 0 and 1, for example 0.01; got {args.far}.")
    files = picture_files(args.pictures)
    document = []
    with context.opened() as project:
        recogniser = open_recogniser(
            project, far=args.far, encoder=args.encoder, detector=args.detector, report=context.report
        )
        for path in track(files, context.report, "recognise"):
            try:
                answers = recogniser.ask(read_picture(path), is_face_crop=True if args.faces else None)
            except PictureError as error:
                document.append({"picture": str(path), "faces": [], "error": str(error)})
                continue
            document.append({"picture": str(path), "faces": [a.as_dict() for a in answers]})
    rows = [row for one in document for row in _rows(one)]
    head = ("picture", "verdict", "character", "similarity", "why")
    if args.csv:
        with args.csv.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([head, *rows])
    threshold = recogniser.threshold
    said = f"Named from {threshold.match:.2f} on; {threshold.note}."
    return CommandResult(document, "\n".join([table(rows, head), said]))


def _rows(one: dict) -> list[tuple]:
    if not one["faces"]:
        return [(one["picture"], "", "", "", one.get("error", "no face found"))]
    return [
        (one["picture"], f["verdict"], f["character"] or "", f"{f['similarity']:.2f}", f["reason"])
        for f in one["faces"]
    ]


def tour(context: Context) -> CommandResult:
    """demo, crop, balance, train quick, evaluate, enrol, recognise: the whole chain, and the name with its evidence."""
    from core.commands.parser import parser

    args = context.args
    common = ["--workspace", args.workspace]
    for option, value in (("--data-dir", args.data_dir), ("--models-dir", args.models_dir)):
        common += [option, str(value)] if value else []

    def run(step, command, *more: str) -> CommandResult:
        parsed = parser().parse_args([step, *common, *more])
        return command(Context(argparse.Namespace(**vars(parsed)), context.settings, context.report))

    said = []
    numbers = ("--characters", str(args.characters), "--pictures", str(args.pictures), "--seed", str(args.seed))
    for step, command, more in (
        ("demo", gather.demo, numbers),
        ("crop", faces.crop, ()),
        ("balance", faces.balance, ()),
        ("train", learn.train, ("--preset", "quick")),
        ("evaluate", learn.evaluate, ()),
        ("enrol", enrol, ()),
    ):
        said.append((step, run(step, command, *more)))
    asked, truth, is_face = _new_picture(context)
    found = run("recognise", recognise, str(asked), *(["--faces"] if is_face else []))
    said.append(("recognise", found))
    answer = found.document[0]["faces"]
    document = {
        "steps": {step: one.document for step, one in said},
        "asked": str(asked),
        "truth": truth,
        "answer": answer,
    }
    lines = [f"{step}: {one.text.splitlines()[0]}" for step, one in said[:-1]]
    lines += [f"Asked: a new picture of {truth} ({asked}).", *(_evidence(face) for face in answer)]
    return CommandResult(document, "\n".join(lines if answer else [*lines, "No face was found on it."]))


def _new_picture(context: Context) -> tuple[Path, str, bool]:
    """A drawn picture that no step has seen, of the first character, with one frontal face; who it is; and whether only
    the face was kept of it, because no detector can be had."""
    from core.drawn import cast, draw
    from core.imaging.framing import face_crop
    from core.imaging.reading import encode_jpeg
    from core.vision import load_detector
    from core.workspace.atomic import write_bytes
    from core.workspace.workspaces import open_workspace

    character = cast(context.args.characters, context.args.seed)[0]
    seed = 10_000_019
    while True:
        picture = draw(character, seed)
        if [face.pose for face in picture.faces] == ["front"] and picture.faces[0].box.w > 80:
            break
        seed += 1
    pixels, is_face = picture.pixels, False
    try:
        load_detector()
    except DetectorError:
        pixels, is_face = face_crop(pixels, picture.faces[0].box), True
    workspace = open_workspace(context.args.workspace, context.settings)
    path = write_bytes(workspace.root / "asked" / "question.jpg", encode_jpeg(pixels))
    return path, character.name, is_face


def _evidence(face: dict) -> str:
    others = ", ".join(f"{c['character']} {c['similarity']:.2f}" for c in face["candidates"][:3])
    near = ", ".join(f"face {e['face']} of {e['character']} {e['similarity']:.2f}" for e in face["evidence"][:3])
    name = face["character"] or "nobody enrolled"
    return f"Answer: {face['verdict']}: {name} ({face['reason']}). Candidates: {others}. Nearest faces: {near}."
