"""collect: pictures of characters, from sources tried in the order given."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from core.collect.config import CollectConfig
from core.commands.collected import collected
from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.errors import DataError, SourceError
from core.options import SEED, check, option


@dataclass(frozen=True)
class Arguments:
    """Where to look, for whom, and how many."""

    source: tuple[str, ...] = option(each=True, metavar="NAME", help="tried in the order given; repeatable")
    character: tuple[str, ...] = option((), metavar="NAME", help="whom to look for; default: the workspace's list")
    characters_from: Path | None = option(None, metavar="CSV", help="names, or lines of name,series,query")
    origin: Path | None = option(None, flag="--from", metavar="PATH", help="folder, zip or list of addresses")
    base_url: str = option("", metavar="URL", help="another board that speaks the same language")
    seed: int = option(0, low=0, high=SEED, help="of the drawn pictures")
    config: CollectConfig = CollectConfig()

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Collect, and say of every picture that was not kept why."""
    from core.collect.download import Downloader
    from core.collect.pipeline import Wanted, collect
    from core.collect.source import SourceOptions, card, open_source
    from core.workspace.characters import add_all
    from core.workspace.history import IMPORT

    args = context.args
    with context.opened(create=True) as project, ExitStack() as stack:
        needs_network = any(card(name).network for name in args.source)
        downloader = stack.enter_context(Downloader(context.settings)) if needs_network else None
        options = SourceOptions(
            path=args.origin, base_url=args.base_url, seed=args.seed, downloader=downloader, settings=context.settings
        )
        sources = [open_source(name, options) for name in args.source]
        wanted = [Wanted(name) for name in args.character]
        if args.characters_from:
            listed = _listed(args.characters_from)
            entries = [{"name": name, "series": series, "query": query} for name, series, query in listed]
            add_all(project, entries, who=IMPORT)
            wanted += [Wanted(name, query) for name, _, query in listed]
        if not wanted:
            # A folder, a zip or a list of addresses says itself whose pictures it holds.
            wanted = [Wanted(name) for source in sources if source.card.takes for name in source.characters()]  # type: ignore[attr-defined]
        if not wanted:
            wanted = [Wanted(c.name, c.query, c.wanted) for c in project.catalogue.characters()]
        if not wanted:
            raise DataError("Name the characters: --character NAME ..., or --characters-from FILE.csv.")
        done = collect(project, wanted, sources, args.config, downloader=downloader, report=context.report)
    if done.sources and not done.kept and all(s.state in ("failed", "given up") for s in done.sources):
        raise SourceError(" ".join(s.message for s in done.sources if s.message))
    return collected(done, f"Workspace {project.workspace.name}.")


def _listed(path: Path) -> list[tuple[str, str, str]]:
    """name, series, query of each line of a CSV; only the name is needed."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [[cell.strip() for cell in row] for row in csv.reader(file) if row and row[0].strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as a list of characters: {error}.") from error
    rows = [row for row in rows if row[0].casefold() != "name"]
    padded = [[*row, "", ""] for row in rows]
    return [(row[0], row[1], row[2]) for row in padded]


COMMAND = Command("collect", "pictures from a source", Arguments, run)
