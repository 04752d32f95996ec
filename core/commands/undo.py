"""undo: take back the last decision of a person, or make it again."""

from __future__ import annotations

from dataclasses import dataclass

from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.options import check, option


@dataclass(frozen=True)
class Arguments:
    """Which way."""

    redo: bool = option(False, help="make the last undone decision again")

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """One step back, or one forward."""
    from core.workspace.undo import redo, undo

    again = context.args.redo
    with context.opened() as project:
        change = (redo if again else undo)(project, report=context.report)
    key, word = ("redone", "Redone") if again else ("undone", "Undone")
    if change is None:
        return CommandResult({key: None}, f"There is nothing to {'make again' if again else 'take back'}.")
    return CommandResult({key: change.action, "at": change.at}, f"{word}: {change.action} ({change.at}).")


COMMAND = Command("undo", "take back the last decision, or make it again", Arguments, run)
