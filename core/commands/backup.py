"""backup: the whole workspace as one zip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.options import check, option


@dataclass(frozen=True)
class Arguments:
    """Where the zip is written."""

    out: Path = option(output="file", metavar="ZIP", help="the zip that is written")

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Pictures, faces, decisions and trained encoders."""
    from core.workspace.backups import back_up

    with context.opened() as project:
        out = back_up(project.workspace, context.args.out)
    return CommandResult({"out": str(out.resolve()), "bytes": out.stat().st_size}, f"Written: {out}")


COMMAND = Command("backup", "the whole workspace as one zip", Arguments, run)
