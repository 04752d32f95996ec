"""timeline: who appears when in a video."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.command import Command
from core.commands.context import CommandResult, Context, table
from core.options import check, option

if TYPE_CHECKING:
    from core.recognise.verdict import Identification


@dataclass(frozen=True)
class Arguments:
    """The video, where the timeline goes, and how closely the video is watched."""

    video: Path = option(flag="", metavar="VIDEO", help="a video file")
    out: Path | None = option(None, output="file", metavar="PATH", help=".json, .csv or .srt; default: only printed")
    far: float = option(0.01, above=0, below=1, metavar="RATE", help="false-accept rate that sets the threshold")
    encoder: str | None = option(None, metavar="NAME", help="a run or `pretrained`; default: the one in use")
    looks: float = option(3.0, low=0.1, high=60, help="how often a second faces are looked for")
    shipped_cast: bool = option(
        False, help="say whom of the shipped cast an unknown face looks like, even where nobody is enrolled"
    )

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Follow the faces through the shots, name each once from all its looks, write the timeline.

    What was watched is kept: a run that was stopped goes on, and a video that was watched is only judged again.
    """
    from core.recognise.recogniser import open_recogniser
    from core.recognise.timeline import TimelineConfig, timeline
    from core.recognise.timeline_files import check_out, timeline_document, write_timeline

    args = context.args
    if args.out is not None:
        check_out(args.out)
    with context.opened() as project:
        recogniser = open_recogniser(
            project, far=args.far, encoder=args.encoder, shipped_cast=args.shipped_cast, report=context.report
        )
        config, kept = TimelineConfig(looks=args.looks), project.workspace
        found = timeline(args.video, recogniser, config, workspace=kept, report=context.report)
    if args.out is not None:
        write_timeline(found, args.out)
    rows = [
        (f"{a.start:.1f}", f"{a.end:.1f}", a.answer.verdict, _who(a.answer), f"{a.answer.similarity:.2f}")
        for a in found.appearances
    ]
    written = "" if args.out is None else f" Written: {args.out}"
    head = f"{found.seconds:.0f} s in {found.shots} shots: {len(found.appearances)} appearances.{written}"
    text = "\n".join([head, table(rows, ("from", "to", "verdict", "character", "similarity"))])
    out = None if args.out is None else str(args.out.resolve())
    return CommandResult(timeline_document(found) | {"out": out}, text)


def _who(answer: Identification) -> str:
    """The name, or whom of the shipped cast an unknown face looks like."""
    return answer.character or (answer.looks_like.words() if answer.looks_like else "")


COMMAND = Command("timeline", "who appears when in a video", Arguments, run)
