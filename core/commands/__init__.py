"""The commands of `python -m core`, one module each. A name without a command, or with two, fails at import."""

from __future__ import annotations

import importlib
import pkgutil

from core.commands.command import Command, registered
from core.plugins import refuse_taken

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

TOOLS = ("reference",)
"""Modules that are run by themselves."""

MODULES = tuple(
    importlib.import_module(f"{__name__}.{module.name}")
    for module in pkgutil.iter_modules(__path__)
    if module.name not in TOOLS
)
COMMANDS: dict[str, Command] = registered(NAMES, MODULES)


def register_command(command: Command) -> None:
    """Add a command of a plugin. Raises PluginError where the name is taken."""
    refuse_taken("command", command.name, COMMANDS)
    COMMANDS[command.name] = command


def command_of(arguments: object) -> Command:
    """The command whose arguments these are. Raises KeyError for a value that is none's."""
    for command in COMMANDS.values():
        if type(arguments) is command.arguments:
            return command
    raise KeyError(f"{type(arguments).__qualname__} is not the arguments of a command")
