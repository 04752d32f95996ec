"""map: the faces as points, in one HTML file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.options import option
from core.visualise.map_settings import MapSettings


@dataclass(frozen=True)
class Arguments:
    """Where the map is written, and how it is made."""

    out: Path = option(output="file", metavar="HTML", help="the file that is written")
    config: MapSettings = MapSettings()
    encoder: str | None = option(None, metavar="NAME", help="a run or `pretrained`; default: the one in use")


def run(context: Context[Arguments]) -> CommandResult:
    """Draw the map."""
    from core.visualise.export import TITLES, export_map
    from core.workspace.models import encoder_in_use, encoder_path

    args = context.args
    with context.opened() as project:
        encoder = encoder_path(project.workspace, args.encoder or encoder_in_use(project).name)
        out, n = export_map(project, encoder, args.out, args.config, report=context.report)
    document = {"out": str(out.resolve()), "faces": n, "method": args.config.method}
    said = f"{n} faces by {TITLES[args.config.method]}. Distances on the map are not similarities."
    return CommandResult(document, f"{said}\n{out}")  # a job ends with the first line, which names no path


COMMAND = Command("map", "the faces as points, as one HTML file", Arguments, run)
