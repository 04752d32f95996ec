"""The commands of `python -m core`, one module each.

Importing this costs nothing: the registry, which knows and checks all of them, is imported when it is first asked for,
and the command line asks for one command alone.
"""

from __future__ import annotations

import keyword
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.commands.command import Command
    from core.commands.registry import COMMANDS, MODULES, command_of, register_command

__all__ = ["COMMANDS", "MODULES", "NAMES", "command_named", "command_of", "register_command"]

NAMES = (
    "tour",
    "demo",
    "collect",
    "import",
    "crop",
    "characters",
    "balance",
    "train",
    "evaluate",
    "map",
    "enrol",
    "recognise",
    "detect",
    "export",
    "status",
    "undo",
    "sync",
    "backup",
    "restore",
    "doctor",
    "clean",
    "timeline",
    "serve",
)
"""In the order of the help."""


def command_named(name: str) -> Command:
    """One of NAMES, and nothing of the others."""
    module = import_module(f"{__name__}.{name}_" if keyword.iskeyword(name) else f"{__name__}.{name}")
    command: Command = module.COMMAND
    return command


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"core.commands has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(import_module(f"{__name__}.registry"), name)
