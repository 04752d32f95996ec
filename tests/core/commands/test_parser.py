"""The options that all commands share, and those that each workspace command needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.commands import COMMANDS
from core.commands.parser import parser


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_takes_the_shared_options(name, capsys):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([name, "--help"])
    assert ended.value.code == 0
    words = capsys.readouterr().out
    assert all(option in words for option in ("--data-dir", "--models-dir", "--json", "--verbose"))
    assert "--job" not in words
    assert ("--workspace" in words) is (COMMANDS[name].workspace != "none")


def test_folders_become_absolute_and_empty_ones_are_wrong_usage(capsys):
    assert parser().parse_args(["status", "--workspace", "a", "--data-dir", "b"]).data_dir == Path("b").absolute()
    for wrong in (["--data-dir", " ", "--workspace", "a"], ["--workspace", " "], []):
        with pytest.raises(SystemExit) as ended:
            parser().parse_args(["status", *wrong])
        assert ended.value.code == 2
    assert "--workspace" in capsys.readouterr().err


def test_demo_has_a_workspace_of_its_own_and_evaluate_can_do_without():
    assert parser().parse_args(["demo"]).workspace == "demo"
    assert parser().parse_args(["evaluate"]).workspace is None
    assert parser().parse_args(["status", "--workspace", "a", "--json"]).json is True


def test_without_a_command_it_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([])
    assert ended.value.code == 2
