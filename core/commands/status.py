"""status: the workspace in figures, what is out of date, and the next step."""

from __future__ import annotations

from dataclasses import asdict

from core.commands.command import Command
from core.commands.context import CommandResult, Context, NoArguments, table


class Arguments(NoArguments):
    """Nothing but the workspace."""


def run(context: Context[Arguments]) -> CommandResult:
    """How far the workspace has come."""
    from core.workspace.overview import next_step, overview

    with context.opened() as project:
        states = overview(project)
    following = next_step(states)
    rows = [(one.step, one.state, one.text) for one in states]
    document = {"workspace": project.workspace.name, "steps": [asdict(one) for one in states], "next": following.step}
    text = "\n".join(
        [f"Workspace {project.workspace.name}", table(rows, ("step", "state", "")), f"Next: {following.step}."]
    )
    return CommandResult(document, text)


COMMAND = Command("status", "what there is and what to do next", Arguments, run)
