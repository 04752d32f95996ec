"""import: a folder or zip with a folder for each character, as pictures or as faces; or a video."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.collected import collected, left_out_lines
from core.commands.command import Command
from core.commands.context import CommandResult, Context, table
from core.datasets.records import counted
from core.errors import DataError
from core.options import check, option

if TYPE_CHECKING:
    from core.collect.importing import ImportPreview


@dataclass(frozen=True)
class Arguments:
    """What to take in, and as what."""

    path: Path = option(flag="", metavar="PATH", help="a folder, a zip or a video")
    kind: str = option(choices=("pictures", "faces"), help="whole pictures, or faces that are cut out already")
    limit: int | None = option(None, low=1, high=1_000_000, help="at most so many of each character")
    character: str = option("", metavar="NAME", help="whose they are, where the folder is flat")
    unnamed: bool = option(False, help="nobody's yet: faces are named later, see `characters --groups`")
    dry_run: bool = option(False, help="say what was found, import nothing")

    def __post_init__(self) -> None:
        check(self)
        if self.unnamed and self.character:
            raise DataError(
                f"The pictures are either {self.character}'s or nobody's yet: not --character with --unnamed."
            )


def run(context: Context[Arguments]) -> CommandResult:
    """Take the pictures in; what was taken in before is passed over."""
    from core.collect.importing import import_pictures, prepare_import, preview_import
    from core.workspace.workspaces import check_name, workspace_names

    args, into = context.args, context.settings.data_dir / context.workspace
    if args.dry_run:
        found = preview_import(
            args.path, kind=args.kind, character=args.character, unnamed=args.unnamed, limit=args.limit, into=into
        )
        if context.workspace not in workspace_names(context.settings):
            check_name(context.workspace)
        return _preview(args.path, found)
    prepared = prepare_import(args.path, kind=args.kind, character=args.character, unnamed=args.unnamed, into=into)
    with context.opened(create=True) as project:
        done = import_pictures(project, prepared, limit=args.limit, report=context.report)
    return collected(done, f"Workspace {project.workspace.name}, {args.kind} from {args.path}.")


def _preview(path: Path, found: ImportPreview) -> CommandResult:
    """What an import would take in, without taking it in; its question is what an import would fail for."""
    characters = [{"name": name, "pictures": n} for name, n in found.characters.items() if name]
    left_out = [asdict(one) for one in found.left_out]
    document = {"dry_run": True, "path": str(path), "characters": characters, "left_out": left_out}
    document |= {"notes": list(found.notes), "question": found.question}
    document |= {"unnamed": found.characters.get("", 0)}
    total = sum(found.characters.values())
    whose = f"of {counted(len(characters), 'character')}" if characters or not total else "without a character yet"
    lines = [f"{path} holds {counted(total, 'picture')} {whose}. Nothing was imported."]
    lines += [table(found.characters.items(), ("character", "pictures"))] if characters else []
    words = "\n".join([*lines, *found.notes, *left_out_lines(found.left_out)])
    return CommandResult(document, words, problem=found.question)


COMMAND = Command("import", "a folder or zip with a folder for each character, or a video", Arguments, run)
