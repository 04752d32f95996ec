"""The command line as a whole: exit codes, one JSON document, progress on a terminal and in a log."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest

from core import cli
from core.commands import COMMANDS
from core.commands.context import CommandResult
from core.errors import Cancelled, DataError
from core.progress import Progress


@pytest.fixture
def status(workspace):
    """Run `status` with a function of ours behind it; the exit code."""

    def run(act, *options: str) -> int:
        object.__setattr__(COMMANDS["status"], "run", act)
        return cli.main(["status", "--workspace", workspace.name, *options])

    original = COMMANDS["status"].run
    yield run
    object.__setattr__(COMMANDS["status"], "run", original)


def raising(error: BaseException):
    def act(context):
        raise error

    return act


def test_done_is_0_and_prints_the_text(status, capsys):
    assert status(lambda context: CommandResult({"a": 1}, "One\ntwo")) == 0
    assert capsys.readouterr().out == "One\ntwo\n"


def test_json_is_one_document_and_nothing_else(status, capsys):
    values = {"path": Path("a/b"), "one": np.float32(0.5), "many": np.arange(2), "name": "綾波"}
    assert status(lambda context: CommandResult(values, "words"), "--json") == 0
    out = capsys.readouterr().out
    assert json.loads(out) == {"path": str(Path("a/b")), "one": 0.5, "many": [0, 1], "name": "綾波"}
    assert "綾波" in out


@pytest.mark.parametrize(
    ("error", "code"), [(DataError("Too few."), 1), (Cancelled("Stopped."), 3), (KeyboardInterrupt(), 3)]
)
def test_a_failure_is_1_and_a_stop_is_3_with_a_sentence(status, capsys, error, code):
    assert status(raising(error)) == code
    streams = capsys.readouterr()
    assert streams.out == ""
    assert (str(error) or "Stopped. What was done so far is kept.") in streams.err


@pytest.mark.parametrize(
    ("act", "code", "sentence"),
    [
        (lambda context: CommandResult({}, "Fine.\nMore."), 0, "Fine."),
        (lambda context: CommandResult({}, ""), 0, ""),
        (raising(DataError("Too few.")), 1, "Too few."),
    ],
)
def test_a_job_leaves_its_end_in_its_folder(status, tmp_path, act, code, sentence):
    status(act, "--job", str(tmp_path))
    assert json.loads((tmp_path / "exit").read_text()) == {"code": code, "sentence": sentence}


def test_an_error_of_the_program_is_1_and_is_left_in_the_job_s_folder(status, tmp_path):
    assert status(raising(ZeroDivisionError("x / 0")), "--job", str(tmp_path)) == 1
    end = json.loads((tmp_path / "exit").read_text())
    assert end["code"] == 1
    assert "Internal error: ZeroDivisionError: x / 0" in end["sentence"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def reports(stream, times: list[float], progress: list[Progress], monkeypatch) -> str:
    clock = iter(times)
    monkeypatch.setattr(cli.time, "monotonic", lambda: next(clock))
    report = cli._terminal(stream)
    for one in progress:
        report(one)
    return stream.getvalue()


STEPS = [Progress("crop", n, 4, seconds=2.0 * n) for n in (1, 2, 3, 4)]


def test_in_a_log_a_line_comes_every_ten_seconds_and_at_the_end(monkeypatch):
    text = reports(io.StringIO(), [100, 109.9, 110, 110.1], STEPS, monkeypatch)
    assert text.splitlines() == ["crop 1/4, 6 s to go", "crop 3/4, 2 s to go", "crop 4/4"]


def test_at_a_terminal_the_line_is_renewed_ten_times_a_second(monkeypatch):
    text = reports(Terminal(), [100, 100.05, 100.15, 100.2], STEPS, monkeypatch)
    assert text == "\r\x1b[Kcrop 1/4, 6 s to go\r\x1b[Kcrop 3/4, 2 s to go\r\x1b[Kcrop 4/4\n"


def test_a_new_stage_is_told_at_once(monkeypatch):
    stages = [Progress("read", 1, note="one.jpg"), Progress("read", 2), Progress("embed", 1)]
    assert reports(io.StringIO(), [100, 101, 102], stages, monkeypatch).splitlines() == ["read 1 one.jpg", "embed 1"]


def test_of_a_stage_with_nothing_to_do_only_its_note_is_told(monkeypatch):
    stages = [Progress("balance", 0, 0), Progress("read", 0, 0, note="1 face was passed over")]
    assert reports(io.StringIO(), [100], stages, monkeypatch).splitlines() == ["read 0 1 face was passed over"]
