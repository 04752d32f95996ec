"""What a command is: its options from its dataclass, and arguments read back from what was parsed."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from core.commands.command import NEEDED, Command, registered
from core.commands.context import CommandResult
from core.options import option


@dataclass(frozen=True)
class Arguments:
    """Two options."""

    size: int = option(3, low=1, high=9, help="how large")
    fast: bool = option(False, help="faster")


COMMAND = Command("test", "a test", Arguments, lambda context: CommandResult({}, ""))


def read(*options):
    parser = argparse.ArgumentParser()
    COMMAND.add_arguments(parser)
    return COMMAND.read(parser.parse_args(options))


def test_a_commands_options_are_its_dataclass():
    assert read() == Arguments(3, False)
    assert read("--size", "5", "--fast") == Arguments(5, True)


def test_a_workspace_is_needed_unless_the_command_says_otherwise():
    assert (COMMAND.workspace, COMMAND.default_workspace) == (NEEDED, "")


def test_commands_come_in_the_order_of_the_names_and_a_missing_double_or_unknown_one_ends_the_start():
    def module(name):
        return SimpleNamespace(__name__=f"m.{name}", COMMAND=Command(name, "", Arguments, COMMAND.run))

    a, b = module("a"), module("b")
    assert list(registered(("b", "a"), [a, b, SimpleNamespace(__name__="m.helper")])) == ["b", "a"]
    with pytest.raises(RuntimeError, match="registers the command b"):
        registered(("a", "b"), [a])
    with pytest.raises(RuntimeError, match=r"'a' is registered twice, by m\.a and by m\.a"):
        registered(("a",), [a, module("a")])
    with pytest.raises(RuntimeError, match=r"Add the command b \(m\.b\) to NAMES"):
        registered(("a",), [a, b])
