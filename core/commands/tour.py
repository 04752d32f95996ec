"""tour: demo, crop, balance, train quick, evaluate, enrol, recognise: the whole chain on drawn characters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.commands import balance, crop, demo, enrol, evaluate, recognise, train
from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.errors import DetectorError
from core.recognise.config import RecogniseConfig


@dataclass(frozen=True)
class Arguments(demo.Arguments):
    """How many drawn characters, and pictures of each."""


def run(context: Context[Arguments]) -> CommandResult:
    """Each command in turn; at the end a picture that no step has seen, and the name with its evidence."""
    args = context.args
    drawn = demo.Arguments(args.characters, args.pictures, args.seed)
    said = [
        ("demo", demo.run(context.with_args(drawn))),
        ("crop", crop.run(context.with_args(crop.Arguments()))),
        ("balance", balance.run(context.with_args(balance.Arguments()))),
        ("train", train.run(context.with_args(train.Arguments(preset="quick")))),
        ("evaluate", evaluate.run(context.with_args(evaluate.Arguments()))),
        ("enrol", enrol.run(context.with_args(enrol.Arguments()))),
    ]
    asked, truth, is_face = _new_picture(context)
    found = recognise.run(context.with_args(recognise.Arguments((asked,), RecogniseConfig(faces=is_face))))
    answer = found.document[0]["faces"]
    document = {
        "steps": {step: one.document for step, one in [*said, ("recognise", found)]},
        "asked": str(asked),
        "truth": truth,
        "answer": answer,
    }
    lines = [f"{step}: {one.text.splitlines()[0]}" for step, one in said]
    lines += [f"Asked: a new picture of {truth} ({asked}).", *(_evidence(face) for face in answer)]
    return CommandResult(document, "\n".join(lines if answer else [*lines, "No face was found on it."]))


def _new_picture(context: Context[Arguments]) -> tuple[Path, str, bool]:
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
        load_detector(settings=context.settings)
    except DetectorError:
        pixels, is_face = face_crop(pixels, picture.faces[0].box), True
    workspace = open_workspace(context.workspace, context.settings)
    path = write_bytes(workspace.root / "asked" / "question.jpg", encode_jpeg(pixels))
    return path, character.name, is_face


def _evidence(face: dict[str, Any]) -> str:
    others = ", ".join(f"{c['character']} {c['similarity']:.2f}" for c in face["candidates"][:3])
    near = ", ".join(f"face {e['face']} of {e['character']} {e['similarity']:.2f}" for e in face["evidence"][:3])
    name = face["character"] or "nobody enrolled"
    return f"Answer: {face['verdict']}: {name} ({face['reason']}). Candidates: {others}. Nearest faces: {near}."


COMMAND = Command(
    "tour", "the whole chain on drawn characters, without a screen", Arguments, run, default_workspace="demo"
)
