"""`python -m core` is the command line."""

from __future__ import annotations

import runpy
import sys

import pytest


def test_who_stops_it_while_it_starts_sees_one_word(monkeypatch, capsys):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("core.cli.load_plugins", stopped)
    monkeypatch.setattr(sys, "argv", ["core", "status"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("core", run_name="__main__")
    assert ended.value.code == 3
    assert capsys.readouterr().err == "Stopped.\n"


@pytest.mark.parametrize(("options", "code", "words"), [(["--help"], 0, "recognise"), ([], 2, "COMMAND")])
def test_the_module_is_the_command_line_and_ends_with_its_code(monkeypatch, capsys, options, code, words):
    monkeypatch.setattr(sys, "argv", ["core", *options])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("core", run_name="__main__")
    assert ended.value.code == code
    streams = capsys.readouterr()
    assert words in streams.out + streams.err
