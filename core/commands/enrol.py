"""enrol: every kept face, or the faces named, as a character; no training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.errors import DataError
from core.options import check, option


@dataclass(frozen=True)
class Arguments:
    """Whom to enrol: everybody, or a character by some faces."""

    character: tuple[tuple[str, ...], ...] = option(
        (),
        metavar=("NAME", "FACE_ID_OR_PATH"),
        help="a character and its faces; none: every kept face of the workspace",
    )
    encoder: str | None = option(None, metavar="NAME", help="a run or `pretrained`; default: the one in use")
    again: bool = option(False, help="embed the enrolled faces by the encoder in use; nobody is added")

    def __post_init__(self) -> None:
        check(self)
        if self.again and self.character:
            raise DataError("--again enrols nobody new: leave --character out.")
        for name, *items in self.character:
            if not items:
                raise DataError(f"Name the faces of {name} too: ids, or paths of pictures.")


def run(context: Context[Arguments]) -> CommandResult:
    """Enrol, and say who is enrolled now."""
    from core.recognise.enrolment import enrol_again, enrol_all
    from core.recognise.recogniser import enrol

    args = context.args
    with context.opened() as project:
        if args.again:
            gallery = enrol_again(project, encoder=args.encoder, report=context.report)
        elif not args.character:
            gallery = enrol_all(project, encoder=args.encoder, report=context.report)
        for name, *items in args.character:
            chosen = [int(item) if item.isdigit() else Path(item) for item in items]
            gallery = enrol(project, name, chosen, encoder=args.encoder, report=context.report)
        encoder = project.catalogue.results("gallery")[0].name
    counts = {name: gallery.count(name) for name in gallery.names}
    document = {"encoder": encoder, "faces": len(gallery), "characters": counts}
    return CommandResult(document, f"{len(gallery)} faces of {len(counts)} characters enrolled, by {encoder}.")


COMMAND = Command("enrol", "put faces into the gallery that answers", Arguments, run)
