"""train: a preset and what of it is different, said so that a job can be told the same."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from core.commands.train import Arguments, _enrol_again
from core.errors import DataError, WorkspaceError
from core.train.presets import PRESETS, preset


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
