"""export, as it is typed."""

from __future__ import annotations

import json

import pytest

from core.cli import main
from core.commands import export
from tests.faces import add_faces


def test_what_is_written_is_told_as_json(project, tmp_path, capsys):
    add_faces(project, {"Rei": 2})
    out = tmp_path / "set"
    words = ["export", "--workspace", "test", "--format", "imagefolder", "--out", str(out), "--json"]
    assert main([*words, "--dry-run"]) == 0
    assert json.loads(capsys.readouterr().out)["dry_run"] is True and not out.exists()
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["items"] == {"train": 2} and told["files"] == 4 and told["out"] == str(out)
    assert main(words) == 1
    assert "holds something already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Which encoder? Give --encoder NAME"),
        (["--format", "coco", "--encoder", "pretrained"], "--encoder belongs to --format onnx"),
        (["--dry-run", "--encoder", "pretrained"], "--dry-run is for data sets"),
        (["--format", "coco", "--repeats", "0"], "from 1 to 10,000"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(words, sentence, tmp_path, capsys):
    try:
        code = main(["export", "--out", str(tmp_path / "x"), *words])
    except SystemExit as stop:
        code = stop.code
    assert code == 2
    assert sentence in capsys.readouterr().err


def test_a_data_set_needs_a_workspace(tmp_path, capsys):
    assert main(["export", "--format", "coco", "--out", str(tmp_path / "x")]) == 1
    assert "Whose data? Give --workspace NAME." in capsys.readouterr().err


def test_the_formats_of_the_command_are_those_there_are():
    from core.datasets.export import FORMATS

    assert (export.ONNX, *FORMATS) == export.FORMATS


def test_an_encoder_is_written_where_it_was_told(tmp_path, capsys, monkeypatch):
    written = []
    monkeypatch.setattr("core.vision.export.export_encoder", lambda encoder, out: written.append((encoder, out)))
    out = tmp_path / "encoder.onnx"
    assert main(["export", "--out", str(out), "--encoder", "pretrained", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"out": str(out)}
    assert written == [("pretrained", out)]
