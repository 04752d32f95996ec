"""demo: a workspace of drawn characters: no network, no licence to ask for."""

from __future__ import annotations

from dataclasses import dataclass

from core.commands.collected import collected
from core.commands.command import Command
from core.commands.context import CommandResult, Context
from core.options import SEED, check, option


@dataclass(frozen=True)
class Arguments:
    """How many drawn characters, and pictures of each."""

    characters: int = option(8, low=1, high=10_000, help="drawn characters")
    pictures: int = option(30, low=1, high=10_000, help="pictures of each character")
    seed: int = option(0, low=0, high=SEED, help="same seed, same pictures")

    def __post_init__(self) -> None:
        check(self)


def run(context: Context[Arguments]) -> CommandResult:
    """Draw the characters into the workspace, which is made where it is new."""
    from core.collect.config import CollectConfig
    from core.collect.pipeline import Wanted, collect
    from core.collect.source import SourceOptions, open_source

    args = context.args
    source = open_source("drawn", SourceOptions(seed=args.seed, cast=args.characters, settings=context.settings))
    wanted = [Wanted(name) for name in source.characters()]
    # Pictures of one drawn style look alike to a perceptual hash: only the same bytes are a duplicate here.
    config = CollectConfig(limit=args.pictures, near=-1)
    with context.opened(create=True) as project:
        done = collect(project, wanted, [source], config, report=context.report)
    return collected(done, f"Workspace {project.workspace.name}: {len(wanted)} drawn characters.")


COMMAND = Command("demo", "a workspace of drawn characters, no network", Arguments, run, default_workspace="demo")
