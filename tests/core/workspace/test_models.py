"""Which encoder recognises here."""

from __future__ import annotations

import json
import os

import pytest
from safetensors.numpy import save_file

from core.errors import EncoderError
from core.workspace import models as m


@pytest.fixture(autouse=True)
def nothing_shipped(monkeypatch, tmp_path):
    monkeypatch.setattr(m, "PRETRAINED", tmp_path / "pretrained")


def run(workspace, name, when, *, finished=True, n=9):
    folder = workspace.models / name
    folder.mkdir(parents=True)
    save_file({}, folder / "encoder.safetensors", {"spec": "{}"})
    if finished:
        (folder / "metrics.json").write_text(json.dumps({"n": n}))
        os.utime(folder / "metrics.json", (when, when))


def test_without_any_the_error_says_to_train(project):
    assert m.encoder_names(project.workspace) == []
    with pytest.raises(EncoderError, match="Train one first"):
        m.encoder_in_use(project)


def test_the_last_finished_run_is_used_unless_one_was_chosen(project):
    for name, when in (("a", 300), ("b", 100), ("c", 200)):
        run(project.workspace, name, when)
    run(project.workspace, "d", 400, finished=False)
    assert m.finished_runs(project.workspace) == ["a", "c", "b"]
    choice = m.encoder_in_use(project)
    assert (choice.name, choice.why) == ("a", "the last finished run")
    m.choose_encoder(project, "b")
    assert (m.encoder_in_use(project).name, m.encoder_in_use(project).why) == ("b", "chosen by you")
    m.choose_encoder(project, None)
    assert m.encoder_in_use(project).name == "a"


def test_the_shipped_one_comes_last_and_says_so(project, tmp_path):
    (tmp_path / "pretrained").mkdir()
    (tmp_path / "pretrained" / "encoder.safetensors").touch()
    choice = m.encoder_in_use(project)
    assert (choice.name, choice.why, choice.path) == ("pretrained", "shipped with the app", m.shipped_path())
    run(project.workspace, "a", 1)
    assert m.encoder_names(project.workspace) == ["a", "pretrained"]


def test_an_unknown_name_lists_those_there_are(project):
    run(project.workspace, "a", 1)
    with pytest.raises(EncoderError, match="There are: a"):
        m.choose_encoder(project, "b")
    assert m.encoder_in_use(project).why == "the last finished run"


def test_a_run_that_nothing_could_measure_is_not_used_by_itself(project):
    run(project.workspace, "measured", 100)
    run(project.workspace, "unmeasured", 200, n=0)
    assert m.encoder_in_use(project).name == "measured"
    m.choose_encoder(project, "unmeasured")
    assert m.encoder_in_use(project).name == "unmeasured"


@pytest.mark.parametrize("broken", [b"", b"noise", b"\x40\0\0\0\0\0\0\0{"], ids=["empty", "noise", "cut short"])
def test_a_run_whose_weights_cannot_be_read_is_not_used_by_itself(project, tmp_path, broken):
    for name, when in (("old", 100), ("new", 200)):
        run(project.workspace, name, when)
    (project.workspace.models / "new" / "encoder.safetensors").write_bytes(broken)
    choice = m.encoder_in_use(project)
    assert (choice.name, choice.why) == ("old", "the last finished run that can be read")
    (project.workspace.models / "old" / "encoder.safetensors").write_bytes(broken)
    assert m.encoder_in_use(project).name == "new"  # whoever asks it is told that it is broken, and what to do
    (tmp_path / "pretrained").mkdir()
    (tmp_path / "pretrained" / "encoder.safetensors").touch()
    choice = m.encoder_in_use(project)
    assert (choice.name, choice.why) == ("pretrained", "shipped with the app: no finished run can be read")
    m.choose_encoder(project, "new")
    assert m.encoder_in_use(project).name == "new"


@pytest.mark.parametrize(
    ("metrics", "measured"), [('{"n": 0}', False), ('{"n": 1}', True), ("{}", True), ("[]", False), ("{", False)]
)
def test_a_run_is_measured_where_its_metrics_stand_on_faces(project, metrics, measured):
    """Runs of earlier versions do not say on how many."""
    run(project.workspace, "a", 100)
    (project.workspace.models / "a" / "metrics.json").write_text(metrics)
    assert m.is_measured(project.workspace, "a") is measured
    assert not m.is_measured(project.workspace, "none")


def test_without_a_run_an_unknown_name_says_so(project):
    with pytest.raises(EncoderError, match="There are: none yet"):
        m.encoder_path(project.workspace, "a")
    with pytest.raises(EncoderError):
        m.encoder_path(project.workspace, m.SHIPPED)


def test_of_runs_that_ended_at_the_same_time_the_last_name_counts(project):
    for name in ("b", "a", "c"):
        run(project.workspace, name, 100)
    assert m.finished_runs(project.workspace) == ["c", "b", "a"]


def test_where_there_is_no_other_it_is_used_and_says_so(project):
    run(project.workspace, "unmeasured", 200, n=0)
    assert m.encoder_in_use(project).why == "the last finished run, which nothing could measure"
