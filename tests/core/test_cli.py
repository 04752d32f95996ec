"""The command line: exit codes, sentences instead of tracebacks, the log."""

from __future__ import annotations

import errno
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import main
from core.commands import status
from core.errors import Cancelled

ROOT = Path(__file__).parents[2]


def breaks(monkeypatch, error):
    from dataclasses import replace

    def run(context):
        raise error

    monkeypatch.setattr(status, "COMMAND", replace(status.COMMAND, run=run))


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError(errno.ENOSPC, "no space", "/a/b.jpg"), 1, "status: The disk is full: /a/b.jpg could not be written."),
        (Cancelled("Stopped as you asked."), 3, "status: Stopped as you asked."),
        (KeyboardInterrupt(), 3, "Stopped. What was done so far is kept."),
        (ZeroDivisionError("by zero"), 1, "status: Internal error: ZeroDivisionError: by zero. The details are in"),
    ],
)
def test_an_error_ends_with_a_sentence_and_its_code(workspace, monkeypatch, capsys, error, code, words):
    breaks(monkeypatch, error)
    assert main(["status", "--workspace", "test"]) == code
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_verbose_shows_the_traceback_and_the_log_keeps_it(workspace, monkeypatch, capsys):
    breaks(monkeypatch, ZeroDivisionError("by zero"))
    assert main(["status", "--workspace", "test", "--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err
    assert "Traceback" in (workspace.root / "log.txt").read_text()


@pytest.mark.parametrize("encoding", ["cp932", "ascii", "cp1252"])
def test_a_console_of_few_letters_gets_what_it_can_show(project, monkeypatch, encoding):
    for name in ("綾波", "Zoë 🦊"):
        project.catalogue.add_character(name)
    for options in ((), ("--json",)):
        console = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", console)
        assert main(["characters", "--workspace", "test", *options]) == 0
        console.flush()
        said = console.buffer.getvalue().decode(encoding)
        names = [one["name"] for one in json.loads(said)["characters"]] if options else said
        assert "Zoë 🦊" in names if options else "\\U0001f98a" in names


def test_a_damaged_catalogue_is_one_sentence(workspace, capsys):
    for path in workspace.root.glob("catalogue.db*"):
        path.unlink()
    workspace.catalogue_path.write_bytes(b"not a database, but long enough to be taken for one" * 100)
    assert main(["status", "--workspace", "test"]) == 1
    said = capsys.readouterr().err
    assert "Restore a backup" in said
    assert "Traceback" not in said


def test_settings_that_are_not_toml_are_one_sentence(workspace, monkeypatch, capsys, tmp_path):
    broken = tmp_path / "settings.toml"
    broken.write_text("data_dir = [")
    monkeypatch.setitem(type(__import__("core.settings", fromlist=["x"]).Settings()).model_config, "toml_file", broken)
    assert main(["status", "--workspace", "test"]) == 1
    assert "not valid TOML" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["folder", "file/in.zip"])
def test_a_file_that_cannot_be_written_is_refused_before_the_work(workspace, tmp_path, capsys, place):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    assert main(["backup", "--workspace", "test", "--out", str(tmp_path / place)]) == 1
    assert "is a folder" in (said := capsys.readouterr().err) or "is a file, not a folder" in said


def test_the_commands_are_there_without_what_computes():
    """`status` and `--help` answer at once: numpy, OpenCV and torch are imported where something is computed."""
    code = "import sys, core.cli; print(*sorted({'numpy', 'cv2', 'torch', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
