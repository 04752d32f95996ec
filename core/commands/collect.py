"""collect: pictures of characters, from sources tried in the order given."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from core.collect.config import CollectConfig
from core.collect.source import NETWORK
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
    origin: Path | None = option(None, flag="--from", metavar="PATH", help="folder, zip, video or list of addresses")
    base_url: str = option("", metavar="URL", help="another board that speaks the same language")
    seed: int = option(0, low=0, high=SEED, help="of the drawn pictures")
    config: CollectConfig = CollectConfig()
    any_rating: bool = option(False, help="also what a board or search engine does not call safe")

    def __post_init__(self) -> None:
        check(self)
        if self.config.unnamed and (self.character or self.characters_from):
            raise DataError("--unnamed is for pictures without a character: leave the characters out, or --unnamed.")
        if "video" in self.source and not (self.config.unnamed or self.character or self.characters_from):
            raise DataError("A video does not say who is on it: name somebody with --character, or take --unnamed.")
        searched = [name for name in self.source if name in NETWORK and name != "urls"]
        if self.config.unnamed and searched and not self.config.query:
            raise DataError(f"{searched[0]} needs words to search for: --unnamed --query WORDS.")


def run(context: Context[Arguments]) -> CommandResult:
    """Collect, and say of every picture that was not kept why."""
    from core.collect.characters import read_list
    from core.collect.download import Downloader
    from core.collect.layout import alike
    from core.collect.pipeline import Wanted, collect, for_nobody
    from core.collect.source import SourceOptions, card, open_source
    from core.workspace.characters import add_all
    from core.workspace.history import IMPORT

    args = context.args
    listed = read_list(args.characters_from) if args.characters_from else []
    with ExitStack() as stack:  # a source that there is not, or cannot be opened, leaves no empty workspace behind
        needs_network = any(card(name).network for name in args.source)
        downloader = stack.enter_context(Downloader(context.settings)) if needs_network else None
        options = SourceOptions(
            path=args.origin,
            base_url=args.base_url,
            seed=args.seed,
            any_rating=args.any_rating,
            downloader=downloader,
            settings=context.settings,
        )
        sources = [open_source(name, options) for name in args.source]
        project = stack.enter_context(context.opened(create=True))
        wanted = [Wanted(name) for name in args.character]
        there = [c.name for c in project.catalogue.characters()]
        pointed_out = alike(list(dict.fromkeys([*there, *args.character, *(entry.name for entry in listed)])))
        if listed:
            add_all(
                project,
                [{"name": e.name, "series": e.series, "query": e.words, "wanted": e.wanted} for e in listed],
                who=IMPORT,
            )
            wanted += [Wanted(entry.name, entry.words, entry.wanted) for entry in listed]
        if args.config.unnamed:
            wanted = [for_nobody(project, args.config)]
        if not wanted:
            # A folder, a zip or a list of addresses says itself whose pictures it holds.
            wanted = [Wanted(name) for source in sources if source.card.takes for name in source.characters()]
        if not wanted:
            wanted = [Wanted(c.name, c.query, c.wanted) for c in project.catalogue.characters()]
        if not wanted:
            raise DataError("Name the characters: --character NAME ..., or --characters-from FILE.csv.")
        done = collect(project, wanted, sources, args.config, downloader=downloader, report=context.report)
    if done.sources and not done.kept and all(s.state in ("failed", "given up") for s in done.sources):
        raise SourceError(" ".join(s.message for s in done.sources if s.message))
    return collected(done, " ".join([f"Workspace {project.workspace.name}.", *pointed_out]))


COMMAND = Command("collect", "pictures from a source", Arguments, run)
