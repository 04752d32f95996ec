"""Trainings as their folders tell them."""

from __future__ import annotations

import json
import os

import pytest

from core.errors import DataError
from core.train.config import TrainConfig
from core.train.runs import damaged_runs, list_runs, new_run_folder, read_run


def make(models, name, when):
    folder = models / name
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(TrainConfig(epochs=3).as_dict()))
    os.utime(folder / "config.json", (when, when))
    return folder


def test_a_run_is_finished_once_it_has_metrics_and_resumable_with_a_checkpoint(tmp_path):
    folder = make(tmp_path, "quick-1", 1)
    run = read_run(folder)
    assert (run.name, run.config.epochs, run.finished, run.resumable, run.history) == ("quick-1", 3, False, False, ())
    assert run.chosen == run.encoder == folder / "encoder.safetensors"
    (folder / "metrics.json").write_text('{"top1": 0.5}')
    (folder / "history.jsonl").write_text('{"epoch": 1}\n{"epoch": 2}\n')
    for name in ("checkpoint.safetensors", "chosen.safetensors"):
        (folder / name).touch()
    run = read_run(folder)
    assert run.finished and run.resumable and run.metrics == {"top1": 0.5}
    assert [row["epoch"] for row in run.history] == [1, 2]
    assert run.chosen == folder / "chosen.safetensors"


@pytest.mark.parametrize(("name", "value"), [("top1", '"good"'), ("steps", "true"), ("seconds", "[1]")])
def test_a_figure_that_is_no_number_is_told(tmp_path, name, value):
    (make(tmp_path, "a", 1) / "metrics.json").write_text(f'{{"{name}": {value}}}')
    with pytest.raises(DataError, match=f"metrics.json: {name} is a number, got"):
        read_run(tmp_path / "a")


def test_the_newest_run_comes_first_and_other_folders_are_passed_over(tmp_path):
    for name, when in (("a", 100), ("b", 300), ("c", 200)):
        make(tmp_path, name, when)
    (tmp_path / "notes").mkdir()
    assert [run.name for run in list_runs(tmp_path)] == ["b", "c", "a"]
    assert list_runs(tmp_path / "missing") == []


def test_a_folder_without_a_training_and_a_broken_one_are_told(tmp_path):
    with pytest.raises(DataError, match="no training"):
        read_run(tmp_path)
    (make(tmp_path, "a", 1) / "metrics.json").write_text("{")
    with pytest.raises(DataError, match="cannot be read"):
        read_run(tmp_path / "a")


@pytest.mark.parametrize(
    ("name", "text"), [("metrics.json", "[1]"), ("metrics.json", "0.5"), ("history.jsonl", "{}\n3")]
)
def test_json_that_no_training_wrote_is_told(tmp_path, name, text):
    folder = make(tmp_path, "quick-1", 1)
    (folder / name).write_text(text)
    with pytest.raises(DataError, match=f"quick-1 cannot be read .{name} holds something else"):
        read_run(folder)
    assert damaged_runs(tmp_path) == [folder]


def test_new_folders_count_up(tmp_path):
    assert [new_run_folder(tmp_path, "quick").name for _ in range(3)] == ["quick-1", "quick-2", "quick-3"]


def test_a_run_whose_files_are_damaged_hides_no_other(tmp_path):
    make(tmp_path, "good", 1)
    (make(tmp_path, "bad", 2) / "config.json").write_text("{")
    assert [run.name for run in list_runs(tmp_path)] == ["good"]
    assert [folder.name for folder in damaged_runs(tmp_path)] == ["bad"]
