"""The whole command line: every command with its own options and those that all share."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from core.commands.command import NEEDED, NONE, Command


def parser(of: Mapping[str, Command] | None = None) -> argparse.ArgumentParser:
    """A parser of these commands, by default of every one; `command` is the name of the one that was given."""
    if of is None:
        from core.commands import COMMANDS

        of = COMMANDS
    top = argparse.ArgumentParser(prog="python -m core", description="Who Am I? Anime face recognition, the whole way.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in of.items():
        one = commands.add_parser(name, help=command.help, description=command.help)
        one.add_argument("--data-dir", type=_folder, metavar="FOLDER", help="the workspaces (default: data/)")
        one.add_argument(
            "--models-dir", type=_folder, metavar="FOLDER", help="the runs (default: models/, or DATA_DIR/models)"
        )
        one.add_argument("--json", action="store_true", help="one JSON document on standard output")
        one.add_argument("--verbose", action="store_true", help="show the traceback of an error")
        one.add_argument("--job", type=Path, help=argparse.SUPPRESS)
        if command.workspace != NONE:
            default = command.default_workspace or None
            needed = command.workspace == NEEDED and default is None
            one.add_argument("--workspace", type=_name, required=needed, default=default, metavar="W")
        command.add_arguments(one)
    return top


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("a folder is needed here, but this is empty")
    return Path(text).absolute()


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a name is needed here, but this is empty")
    return text
