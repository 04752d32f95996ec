"""tour: demo, crop, balance, train quick, evaluate, enrol, map, recognise: the whole chain on drawn characters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from core.commands import balance, crop, demo, enrol, evaluate, recognise, train
from core.commands import map as map_command
from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.errors import DetectorError
from core.progress import Reporter
from core.recognise.config import RecogniseConfig

STEPS = ("demo", "crop", "balance", "train", "evaluate", "enrol", "map", "recognise")
"""The commands in turn. Each report says in its data which of them it comes from: `step` and `steps` (the number)."""

EPOCHS = 3
"""Half of what `quick` takes: drawn characters are easy, and somebody is waiting for the first answer."""


@dataclass(frozen=True)
class Arguments(demo.Arguments):
    """How many drawn characters, and pictures of each."""


def run(context: Context[Arguments]) -> CommandResult:
    """Each command in turn; at the end pictures that no step has seen, and for the first the name with its evidence."""
    from core.recognise.examples import draw_examples
    from core.workspace.workspaces import open_workspace

    args = context.args
    said: list[tuple[str, CommandResult]] = []

    def step(command: Callable[[Context[Any]], CommandResult], arguments: Any) -> CommandResult:
        name = STEPS[len(said)]
        done = command(replace(context.with_args(arguments), report=_of_step(context.report, name)))
        said.append((name, done))
        return done

    step(demo.run, demo.Arguments(args.characters, args.pictures, args.seed))
    step(crop.run, crop.Arguments())
    step(balance.run, balance.Arguments())
    step(train.run, train.Arguments(preset="quick", epochs=EPOCHS))
    step(evaluate.run, evaluate.Arguments())
    step(enrol.run, enrol.Arguments())
    workspace = open_workspace(context.workspace, context.settings)
    step(map_command.run, map_command.Arguments(workspace.cache / "map.html"))
    is_face = not _can_detect(context)
    asked = draw_examples(workspace, args.characters, args.seed, faces_only=is_face)[0]
    found = step(recognise.run, recognise.Arguments((asked.path,), RecogniseConfig(faces=is_face)))
    answer = found.document[0]["faces"]
    document = {
        "steps": {name: one.document for name, one in said},
        "asked": str(asked.path),
        "truth": asked.truth,
        "answer": answer,
    }
    lines = [f"{name}: {one.text.splitlines()[0]}" for name, one in said[:-1]]
    lines += [f"Asked: a new picture of {asked.truth} ({asked.path}).", *(_evidence(face) for face in answer)]
    return CommandResult(document, "\n".join(lines if answer else [*lines, "No face was found on it."]))


def _of_step(report: Reporter, name: str) -> Reporter:
    """The reporter, told with each report which step of the tour it comes from."""
    place = {"step": name, "steps": len(STEPS), "number": STEPS.index(name) + 1}
    return lambda progress: report(replace(progress, data=progress.data | place))


def _can_detect(context: Context[Arguments]) -> bool:
    from core.vision import load_detector

    try:
        load_detector(settings=context.settings)
    except DetectorError:
        return False
    return True


def _evidence(face: dict[str, Any]) -> str:
    others = ", ".join(f"{c['character']} {c['similarity']:.2f}" for c in face["candidates"][:3])
    near = ", ".join(f"face {e['face']} of {e['character']} {e['similarity']:.2f}" for e in face["evidence"][:3])
    name = face["character"] or "nobody enrolled"
    return f"Answer: {face['verdict']}: {name} ({face['reason']}). Candidates: {others}. Nearest faces: {near}."


COMMAND = Command(
    "tour", "the whole chain on drawn characters, without a screen", Arguments, run, default_workspace="demo"
)
