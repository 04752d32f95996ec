"""The registry: no command is missing, none is there twice, and importing it is where that is noticed."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from core.cli import commands_for
from core.commands import COMMANDS, MODULES, NAMES, command_named, command_of, status
from core.commands.command import registered
from core.settings import ROOT


def test_every_name_has_its_command():
    assert tuple(COMMANDS) == NAMES
    assert all(COMMANDS[name].name == name for name in NAMES)


def test_one_command_is_found_without_the_others_and_is_the_same():
    assert all(command_named(name) is COMMANDS[name] for name in NAMES)
    assert list(commands_for(["status", "--json"])) == ["status"]
    assert commands_for(["--help"]) is commands_for([]) is commands_for(["of a plugin"]) is COMMANDS
    code = "import sys, core.commands as c; c.command_named('status'); sys.exit('core.commands.train' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_a_name_without_a_command_is_noticed():
    with pytest.raises(RuntimeError, match="No module of core/commands registers the command juggle"):
        registered([*NAMES, "juggle"], MODULES)


def test_a_command_that_is_registered_twice_is_noticed():
    second = SimpleNamespace(COMMAND=status.COMMAND, __name__="core.commands.second")
    with pytest.raises(RuntimeError, match=r"'status' is registered twice, by core.commands.status and by .*second"):
        registered(NAMES, [*MODULES, second])


def test_a_command_whose_name_is_not_listed_is_noticed():
    with pytest.raises(RuntimeError, match=r"Add the command status \(core.commands.status\)"):
        registered([name for name in NAMES if name != "status"], MODULES)


def test_arguments_tell_whose_they_are():
    assert command_of(status.COMMAND.arguments()) is status.COMMAND
    with pytest.raises(KeyError, match="SimpleNamespace is not the arguments of a command"):
        command_of(SimpleNamespace())
