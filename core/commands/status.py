"""status: the workspace in figures, what is out of date, and where to go next: a step, or `characters` first."""

from __future__ import annotations

from dataclasses import asdict

from core.commands.command import Command
from core.commands.context import CommandResult, Context, NoArguments, table


class Arguments(NoArguments):
    """Nothing but the workspace."""


def run(context: Context[Arguments]) -> CommandResult:
    """How far the workspace has come."""
    from core.workspace.damage import damage, damaged_files
    from core.workspace.overview import next_page, overview

    with context.opened() as project:
        states = overview(project)
        following = next_page(project, states)
        damaged, warning = damaged_files(project), damage(project)
    rows = [(one.step, one.state, one.text) for one in states]
    steps = [asdict(one) for one in states]
    document = {"workspace": project.workspace.name, "steps": steps, "next": following.step, "damaged": damaged}
    text = "\n".join(
        [f"Workspace {project.workspace.name}", table(rows, ("step", "state", "")), f"Next: {following.step}."]
        + ([warning] if warning else [])
    )
    return CommandResult(document, text)


COMMAND = Command("status", "what there is and what to do next", Arguments, run)
