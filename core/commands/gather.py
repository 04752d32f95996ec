"""demo, collect, import: pictures come in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.context import CommandResult, Context, table
from core.errors import DataError, SourceError

if TYPE_CHECKING:
    from core.collect.importing import ImportPreview
    from core.collect.listing import LeftOut


def demo(context: Context) -> CommandResult:
    """A workspace of drawn characters: no network, no licence to ask for."""
    from core.collect.config import CollectConfig
    from core.collect.pipeline import Wanted
    from core.collect.pipeline import collect as collect_pictures
    from core.collect.source import SourceOptions, open_source

    args = context.args
    source = open_source("drawn", SourceOptions(seed=args.seed, cast=args.characters))
    wanted = [Wanted(name) for name in source.characters()]
    # Pictures of one drawn style look alike to a perceptual hash: only the same bytes are a duplicate here.
    config = CollectConfig(limit=args.pictures, near=-1)
    with context.opened(create=True) as project:
        done = collect_pictures(project, wanted, [source], config, report=context.report)
    return _collected(done, f"Workspace {project.workspace.name}: {len(wanted)} drawn characters.")


def collect(context: Context) -> CommandResult:
    """Pictures of characters, from sources tried in the order given."""
    from core.collect.config import CollectConfig
    from core.collect.download import Downloader
    from core.collect.pipeline import Wanted
    from core.collect.pipeline import collect as collect_pictures
    from core.collect.source import SourceOptions, card, open_source

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
            for name, series, query in _listed(args.characters_from):
                project.catalogue.add_character(name, series=series, query=query)
                wanted.append(Wanted(name, query))
        if not wanted:
            # A folder, a zip or a list of addresses says itself whose pictures it holds.
            wanted = [Wanted(name) for source in sources if source.card.takes for name in source.characters()]
        if not wanted:
            wanted = [Wanted(c.name, c.query, c.wanted) for c in project.catalogue.characters()]
        if not wanted:
            raise DataError("Name the characters: --character NAME ..., or --characters-from FILE.csv.")
        config = CollectConfig(limit=args.limit)
        done = collect_pictures(project, wanted, sources, config, downloader=downloader, report=context.report)
    if done.sources and not done.kept and all(s.state in ("failed", "given up") for s in done.sources):
        raise SourceError(" ".join(s.message for s in done.sources if s.message))
    return _collected(done, f"Workspace {project.workspace.name}.")


def bring(context: Context) -> CommandResult:
    """A folder or zip with a folder for each character, as pictures or as faces."""
    from core.collect.importing import import_pictures, preview_import

    args = context.args
    if args.dry_run:
        return _preview(args.path, preview_import(args.path, character=args.character, limit=args.limit))
    with context.opened(create=True) as project:
        done = import_pictures(
            project,
            args.path,
            kind=args.kind,
            limit=args.limit,
            character=args.character,
            report=context.report,
        )
    return _collected(done, f"Workspace {project.workspace.name}, {args.kind} from {args.path}.")


def _preview(path: Path, found: ImportPreview) -> CommandResult:
    """What an import would take in, without taking it in."""
    characters = [{"name": name, "pictures": n} for name, n in found.characters.items()]
    left_out = [asdict(one) for one in found.left_out]
    document = {"dry_run": True, "path": str(path), "characters": characters, "left_out": left_out}
    document |= {"notes": list(found.notes), "question": found.question}
    lines = [f"{path} holds {sum(found.characters.values())} pictures of {len(characters)} characters. Nothing was "
             "imported."]  # fmt: skip
    lines += [found.question] if found.question else [table(list(found.characters.items()), ("character", "pictures"))]
    return CommandResult(document, "\n".join([*lines, *found.notes, *_left_out(found.left_out)]))


def _left_out(left_out: Sequence[LeftOut]) -> list[str]:
    """Files that were left out, the first ones with the reason."""
    lines = [f"Left out: {one.path}. {one.reason}" for one in left_out[:10]]
    return [*lines, *([f"... and {len(left_out) - 10} more files left out."] if len(left_out) > 10 else [])]


def _collected(done, head: str) -> CommandResult:
    document = done.as_json()
    rows = [(c.name, c.have, c.wanted, " ".join(c.messages)) for c in done.characters]
    reasons = [f"  {n} x {reason}" for reason, n in sorted(done.reasons.items(), key=lambda item: -item[1])]
    aside = document["duplicates"] + document["refused"] + document["failed"]
    lines = [
        head,
        f"{document['kept']} kept and {aside} not kept, in {document['seconds']:.1f} s.",
        *reasons[:12],
        table(rows, ("character", "have", "wanted", "")),
        *done.notes,
        *_left_out(done.left_out),
    ]
    return CommandResult(document, "\n".join(lines))


def _listed(path: Path) -> list[tuple[str, str, str]]:
    """name, series, query of each line of a CSV; only the name is needed."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [[cell.strip() for cell in row] for row in csv.reader(file) if row and row[0].strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as a list of characters: {error}.") from error
    rows = [row for row in rows if row[0].casefold() != "name"]
    return [(row[0], *[*row[1:3], "", ""][:2]) for row in rows]
