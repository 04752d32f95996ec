"""Commands as somebody at a terminal gives them."""

from __future__ import annotations

import json

import pytest

from core.cli import main


@pytest.fixture
def run(workspace, capsys):
    """Run a command in the workspace `test`: its exit code, its JSON document (None without one), and what it says."""

    def run(command: str, *options: object, workspace: str | None = "test"):
        where = ["--workspace", workspace] if workspace else []
        code = main([command, *where, "--json", *map(str, options)])
        streams = capsys.readouterr()
        return code, json.loads(streams.out) if streams.out.strip() else None, streams.err

    return run


@pytest.fixture
def told(workspace, capsys):
    """Run a command in the workspace `test`; the words that it prints."""

    def told(command: str, *options: object) -> str:
        assert main([command, "--workspace", "test", *map(str, options)]) == 0
        return capsys.readouterr().out

    return told
