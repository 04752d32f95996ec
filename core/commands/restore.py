"""restore: a new workspace out of a backup zip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.options import check, option


@dataclass(frozen=True)
class Arguments:
    """Which zip; `--workspace` is the name that the new workspace gets."""

    archive: Path = option(flag="", metavar="ZIP", help="a zip that `backup` wrote")

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Check the zip, then restore all of it or nothing."""
    from core.workspace.backups import restore_backup

    workspace = restore_backup(context.args.archive, context.workspace, context.settings)
    document = {"workspace": workspace.name, "folder": str(workspace.root.resolve())}
    return CommandResult(document, f"Workspace {workspace.name} is restored from {context.args.archive}.")


COMMAND = Command("restore", "a new workspace out of a backup zip", Arguments, run)
