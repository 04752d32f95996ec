"""sync: take in files put there by hand; report those that vanished."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.options import check, option


@dataclass(frozen=True)
class Arguments:
    """What becomes of characters whose folder was renamed by hand."""

    renames: str = option(
        "ask",
        choices=("ask", "rename", "new"),
        help="a character's folder that bears another name: tell it and leave it (ask), rename the character, or "
        "make a new one",
    )

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Bring catalogue and folders in line."""
    from core.workspace.sync import Renames, sync

    with context.opened() as project:
        done = sync(project, Renames(context.args.renames))
    document = asdict(done)
    lines = [f"{key.replace('_', ' ')}: {len(paths)}" for key, paths in document.items()]
    told = ("vanished", "unreadable", "relabelled", "renamed", "duplicates", "replaced", "stray_copies")
    lines += [f"  {key.replace('_', ' ')}: {path}" for key in told for path in document[key]]
    lines += [
        f"Was {words.replace(' -> ', ' renamed to ')}? Then `sync --renames rename`; is it somebody new: "
        f"`sync --renames new`. Until then the folder is left as it is."
        for words in done.asked
    ]
    return CommandResult(document, "\n".join(lines))


COMMAND = Command("sync", "take in files put there by hand, report those that vanished", Arguments, run)
