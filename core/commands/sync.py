"""sync: take in files put there by hand; report those that vanished."""

from __future__ import annotations

from dataclasses import asdict

from core.commands.command import Command
from core.commands.context import CommandResult, Context, NoArguments


class Arguments(NoArguments):
    """Nothing but the workspace."""


def run(context: Context[Arguments]) -> CommandResult:
    """Bring catalogue and folders in line."""
    from core.workspace.sync import sync

    with context.opened() as project:
        done = sync(project)
    document = asdict(done)
    lines = [f"{key.replace('_', ' ')}: {len(paths)}" for key, paths in document.items()]
    told = ("vanished", "unreadable", "relabelled", "renamed", "duplicates", "replaced", "stray_copies")
    lines += [f"  {key.replace('_', ' ')}: {path}" for key in told for path in document[key]]
    return CommandResult(document, "\n".join(lines))


COMMAND = Command("sync", "take in files put there by hand, report those that vanished", Arguments, run)
