"""What a command is: a name, a sentence, its arguments as one dataclass, and the function that does it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from core.commands import arguments
from core.commands.context import CommandResult, Context

NEEDED, OPTIONAL, NONE = "needed", "optional", "none"


@dataclass(frozen=True)
class Command:
    """One command. arguments: a frozen dataclass (core.options declares its fields); workspace: whether `--workspace`
    is needed, optional or unknown to it; default_workspace: the one that is taken where none is named."""

    name: str
    help: str
    arguments: type
    run: Callable[[Context[Any]], CommandResult]
    workspace: str = NEEDED
    default_workspace: str = ""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Its own options; those that all commands share come from the command line itself."""
        arguments.declare(parser, self.arguments)

    def read(self, parsed: argparse.Namespace) -> Any:
        """Its arguments out of what was parsed."""
        return arguments.read(self.arguments, parsed)


def registered(names: Iterable[str], modules: Iterable[ModuleType]) -> dict[str, Command]:
    """The commands of the modules, by name, in the order of `names`.

    Raises RuntimeError, when the program starts, where a name has no command, two, or a command no name here.
    """
    found: dict[str, Command] = {}
    where: dict[str, str] = {}
    for module in modules:
        command = getattr(module, "COMMAND", None)
        if not isinstance(command, Command):
            continue
        if command.name in found:
            raise RuntimeError(
                f"The command {command.name!r} is registered twice, by {where[command.name]} and by {module.__name__}."
            )
        found[command.name], where[command.name] = command, module.__name__
    names = tuple(names)
    missing = [name for name in names if name not in found]
    if missing:
        raise RuntimeError(f"No module of core/commands registers the command {', '.join(missing)}.")
    unknown = [f"{name} ({where[name]})" for name in found if name not in names]
    if unknown:
        raise RuntimeError(f"Add the command {', '.join(unknown)} to NAMES in core/commands/__init__.py.")
    return {name: found[name] for name in names}
