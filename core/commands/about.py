"""status, sync, backup: what there is, and what to do next."""

from __future__ import annotations

from dataclasses import asdict

from core.commands.context import CommandResult, Context, table


def status(context: Context) -> CommandResult:
    """The workspace in figures, what is stale, and the next step."""
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


def sync(context: Context) -> CommandResult:
    """Take in files put there by hand; report those that vanished."""
    from core.workspace.sync import sync as bring_in_line

    with context.opened() as project:
        done = bring_in_line(project)
    document = asdict(done)
    lines = [f"{key.replace('_', ' ')}: {len(paths)}" for key, paths in document.items()]
    lines += [f"  vanished: {path}" for path in done.vanished] + [f"  unreadable: {path}" for path in done.unreadable]
    return CommandResult(document, "\n".join(lines))


def backup(context: Context) -> CommandResult:
    """The whole workspace as one zip."""
    from core.workspace.workspaces import back_up

    with context.opened() as project:
        out = back_up(project.workspace, context.args.out)
    return CommandResult({"out": str(out.resolve()), "bytes": out.stat().st_size}, f"Written: {out}")
