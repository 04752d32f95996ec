"""undo: take back the last decision of a person."""

from __future__ import annotations

from core.commands.command import Command
from core.commands.context import CommandResult, Context, NoArguments


class Arguments(NoArguments):
    """Nothing but the workspace."""


def run(context: Context[Arguments]) -> CommandResult:
    """One step back."""
    from core.workspace.undo import undo

    with context.opened() as project:
        change = undo(project)
    if change is None:
        return CommandResult({"undone": None}, "There is nothing to take back.")
    return CommandResult({"undone": change.action, "at": change.at}, f"Undone: {change.action} ({change.at}).")


COMMAND = Command("undo", "take back the last decision", Arguments, run)
