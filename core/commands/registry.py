"""All commands by name. A name without a command, or with two, fails when this is imported."""

from __future__ import annotations

import importlib
import pkgutil

from core import commands
from core.commands import NAMES
from core.commands.command import Command, registered
from core.plugins import refuse_taken

MODULES = tuple(
    importlib.import_module(f"{commands.__name__}.{module.name}")
    for module in pkgutil.iter_modules(commands.__path__)
    if module.name not in ("registry", "reference")  # this one, and what is run by itself
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
