"""clean: delete uploads that were read, what was kept of watched videos, and what killed writes left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.options import check, option

if TYPE_CHECKING:
    from core.workspace.folders import Workspace
    from core.workspace.leftovers import Leftovers


@dataclass(frozen=True)
class Arguments:
    """Whether only to say what would be deleted."""

    dry_run: bool = option(False, help="only say what would be deleted")

    def __post_init__(self) -> None:
        check(self)


def not_needed(workspace: Workspace) -> Leftovers:
    """What no running job names and nobody wrote within the last hour."""
    from core import jobs
    from core.workspace.leftovers import find_leftovers

    running = [job for job in jobs.jobs(workspace) if not job.over]
    return find_leftovers(workspace, [argument for job in running for argument in job.arguments])


def run(context: Context[Arguments]) -> CommandResult:
    """Look, and delete. The catalogue stays closed: on a full disk it cannot be opened, and there this is needed."""
    from core.workspace.leftovers import delete_leftovers
    from core.workspace.workspaces import open_workspace

    workspace = open_workspace(context.workspace, context.settings)
    found = not_needed(workspace)
    if not context.args.dry_run:
        delete_leftovers(found)
    document = {"paths": [_told(workspace, path) for path in found.paths], "bytes": found.bytes}
    document |= {"kept": found.kept, "deleted": not context.args.dry_run}
    done = "Would be deleted" if context.args.dry_run else "Deleted"
    kept = f" Kept: {found.kept}, in use or written within the last hour." if found.kept else ""
    return CommandResult(
        document, f"{done}: {len(found.paths)} uploads, videos and unfinished files, {found.bytes / 1e6:.1f} MB.{kept}"
    )


def _told(workspace: Workspace, path: Path) -> str:
    """A path in the workspace's folder without that; one of its models as it is."""
    return workspace.relative(path) if path.is_relative_to(workspace.root) else str(path)


COMMAND = Command(
    "clean", "delete uploads that were read, what was kept of watched videos, and unfinished files", Arguments, run
)
