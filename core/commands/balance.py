"""balance: split by groups, then fill up every character to the same number."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from core.balance.config import BalanceConfig
from core.commands.command import Command
from core.commands.context import CommandResult, Context, table
from core.errors import DataError
from core.options import check, option
from core.workspace.project import Project

HEAD = ("character", "train", "validation", "stranger", "spare", "copies")


@dataclass(frozen=True)
class Arguments:
    """How to balance; or only to say what would be done, or to remove the copies."""

    config: BalanceConfig = BalanceConfig()
    dry_run: bool = option(False, help="say what would be made, make nothing")
    remove: bool = option(False, help="remove the balancing copies")

    def __post_init__(self) -> None:
        check(self)
        if self.dry_run and self.remove:
            raise DataError("--dry-run and --remove cannot go together. Give one of them.")


def run(context: Context[Arguments]) -> CommandResult:
    """Balance the workspace's faces."""
    from core.balance.balancing import balance, remove_copies

    with context.opened() as project:
        if context.args.remove:
            change = remove_copies(project)
            n = len(change.edits) if change else 0
            return CommandResult({"removed": n}, f"{n} balancing copies removed.")
        if context.args.dry_run:
            return _planned(project, context.args.config)
        done = balance(project, context.args.config, report=context.report)
    text = (
        f"{done.train} training faces, {done.validation} for validation, {done.stranger} held out, {done.spare} spare; "
        f"{done.copies} copies made; pictures on both sides of the split: {done.leaks}."
    )
    return CommandResult(asdict(done), "\n".join([text, *done.warnings]))


def _planned(project: Project, config: BalanceConfig) -> CommandResult:
    from core.balance.plan import plan

    names = {c.id: c.name for c in project.catalogue.characters(removed=True)}
    planned = plan(project.catalogue, config)
    rows = [(names[c], *(n[key] for key in HEAD[1:])) for c, n in sorted(planned.counts().items())]
    made = [{"face": copy.face_id, "path": copy.path} for copy in planned.copies]
    document = {
        "characters": [dict(zip(HEAD, row, strict=True)) for row in rows],
        "copies": made,
        "warnings": list(planned.warnings),
    }
    return CommandResult(
        document, "\n".join([table(rows, HEAD), f"{len(made)} copies would be made.", *planned.warnings])
    )


COMMAND = Command("balance", "split by groups, then N faces a character", Arguments, run)
