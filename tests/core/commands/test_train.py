"""train: a preset and what of it is different, said so that a job can be told the same."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from core.atomic import write_json
from core.commands.train import Arguments, _enrol_again
from core.errors import DataError, WorkspaceError
from core.train.presets import PRESETS, preset
from core.train.runs import CONFIG, METRICS, read_run


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_preset_by_itself_is_that_preset(name):
    assert Arguments(name).config() == preset(name)
    assert Arguments.of(preset(name)) == Arguments(name)


def test_what_is_different_comes_back_as_it_was():
    config = replace(preset("quick", seed=7), epochs=5, margin=None, learning_rate=0.01)
    args = Arguments.of(config)
    assert (args.preset, args.epochs, args.seed) == ("quick", 5, 7)
    assert args.config() == config
    assert "learning_rate=0.01" in args.settings


def test_recommended_is_what_one_starts_from_and_wrong_values_are_named():
    assert Arguments() == Arguments("recommended", None, None, 0, None, ())
    for values, words in (({"epochs": 0}, "epochs"), ({"preset": "best"}, "preset"), ({"settings": ("a=1",)}, "a")):
        with pytest.raises(DataError, match=words):
            Arguments(**values)


def test_a_workspace_without_a_split_says_what_to_do(run):
    code, _, words = run("train", "--preset", "quick")
    assert code == 1
    assert "balance" in words.lower() or "faces" in words


@pytest.mark.parametrize("ranks", [1, 2])
def test_one_process_trains_by_itself_and_several_share_the_work(run, monkeypatch, ranks):
    asked = []

    def train_workspace(project, config, *, resume, report, compute):
        asked.append(compute)
        raise DataError("Enough.")

    monkeypatch.setattr("core.train.training.train_workspace", train_workspace)
    assert run("train", "--ranks", ranks)[0] == 1
    assert [one and one.keywords for one in asked] == [None if ranks == 1 else {"ranks": 2}]


@pytest.mark.parametrize(
    ("measured", "in_use", "enrolled", "words"),
    [
        (False, "run-1", ["face"], "Without validation faces it does not become the encoder in use"),
        (True, "run-1", ["face"], "3 enrolled faces were embedded again"),
        (True, "run-2", ["face"], ""),
        (True, "run-1", [], ""),
        (True, "run-1", None, "The enrolled faces were not embedded again: Busy. `enrol --again` does it."),
    ],
)
def test_who_is_enrolled_is_embedded_again_once_the_new_encoder_is_in_use(
    monkeypatch, measured, in_use, enrolled, words
):
    def enrol_again(project, report):
        if enrolled is None:
            raise WorkspaceError("Busy.")
        return range(3)

    monkeypatch.setattr("core.workspace.models.is_measured", lambda workspace, run: measured)
    monkeypatch.setattr("core.workspace.models.encoder_in_use", lambda project: SimpleNamespace(name=in_use))
    monkeypatch.setattr("core.recognise.enrolment.enrolled_faces", lambda catalogue: (["face"][: enrolled != []], []))
    monkeypatch.setattr("core.recognise.enrolment.enrol_again", enrol_again)
    nothing = SimpleNamespace(workspace=None, catalogue=None, report=None)
    told = _enrol_again(nothing, "run-1", nothing)
    assert told.startswith(words)
    assert bool(told) is bool(words)


@pytest.fixture
def finished(workspace):
    """A run of five epochs that has ended, as its folder tells it."""
    folder = workspace.models / "quick-1"
    folder.mkdir(parents=True)
    replace(preset("quick", init="random", seed=3), epochs=5, precision="float32").save(folder / CONFIG)
    of = "the weights that validation chose"
    write_json(folder / METRICS, {"steps": 7, "seconds": 2.0, "top1": 0.5, "n": 4, "of": of})
    return read_run(folder)


def test_a_finished_run_that_is_resumed_says_so_and_stays_what_it_was_made_from(run, told, project, finished):
    project.catalogue.record_result("run", "quick-1", "other faces")
    code, document, _ = run("train", "--resume", "quick-1")
    assert (code, document["metrics"]["steps"]) == (0, 7)
    first, second, *_ = told("train", "--resume", "quick-1").splitlines()
    assert first == (
        "quick-1 is finished: nothing was left to train. A longer training is a new one, "
        "`train --preset quick --epochs N` with more than its 5."
    )
    assert second == "quick-1: 50 % of the 4 validation faces get the right name; 7 steps in 2 s."
    assert [r.made_from for r in project.catalogue.results("run")] == ["other faces"]


def test_a_finished_run_of_an_earlier_version_which_tells_less_is_resumed_too(told, project, finished):
    project.catalogue.record_result("run", "quick-1", "its faces")
    write_json(finished.folder / METRICS, {"top1": 0.5})
    assert "quick-1: 50 % of the validation faces get the right name." in told("train", "--resume", "quick-1")


@pytest.mark.parametrize(
    ("asked", "began"),
    [
        (["--epochs", 9], "epochs=5"),
        (["--init", "imagenet"], "init=random"),
        (["--seed", 4, "--set", "margin=0.1"], "margin=none, seed=3"),
    ],
)
def test_a_resumed_run_that_is_asked_for_other_settings_is_refused(run, project, finished, asked, began):
    code, _, words = run("train", "--resume", "quick-1", *asked)
    assert code == 1
    assert f"quick-1 began with {began}, and a run that is resumed keeps its settings. Resume it without" in words


def test_what_a_run_began_with_may_be_said_again_and_what_was_written_into_it_too(finished):
    Arguments(epochs=5, seed=3, init="random", settings=("precision=fastest", "image_size=64")).check_same(finished)
