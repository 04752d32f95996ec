"""tour: the commands in the order of the steps, and a picture that no step has seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.commands import balance, crop, demo, enrol, evaluate, recognise, tour, train
from core.commands import map as map_command
from core.commands.context import CommandResult, Context
from core.commands.tour import Arguments, _evidence
from core.drawn import cast
from core.errors import DetectorError
from core.progress import Progress, silent
from core.recognise.examples import read_examples
from core.vision import load_detector  # noqa: F401  # imported before it is replaced

FACE = {
    "verdict": "match",
    "character": "Rei",
    "reason": "similar enough",
    "candidates": [{"character": "Rei", "similarity": 0.91}],
    "evidence": [{"face": 7, "character": "Rei", "similarity": 0.95}],
}


@pytest.fixture
def ran(monkeypatch):
    """The steps that were run with their arguments, none of which does anything."""
    ran = []
    for module in (demo, crop, balance, train, evaluate, enrol, map_command, recognise):
        name = module.__name__.rpartition(".")[2]
        document = [{"faces": [FACE]}] if module is recognise else {"step": name}

        def run(context, name=name, document=document):
            ran.append((name, context.args))
            context.report(Progress("work", 1, 2))
            return CommandResult(document, f"{name} is done.\nMore.")

        monkeypatch.setattr(module, "run", run)
    return ran


def test_the_steps_run_in_order_and_the_answer_is_told_with_its_evidence(ran, workspace, settings):
    result = tour.run(Context(Arguments(3, 4, 5), "test", settings, silent))
    assert [name for name, _ in ran] == list(tour.STEPS)
    assert ran[0][1] == demo.Arguments(3, 4, 5)
    assert (ran[3][1].preset, ran[3][1].epochs) == ("quick", 3)
    assert list(result.document["steps"]) == [name for name, _ in ran]
    assert result.document["answer"] == [FACE]
    asked = Path(result.document["asked"])
    assert asked.is_file()
    assert asked == ran[-1][1].pictures[0]
    lines = result.text.splitlines()
    assert lines[0] == "demo: demo is done."
    assert lines[-1] == _evidence(FACE)


def test_evidence_names_the_nearest_faces_and_nobody_where_there_is_none():
    assert _evidence(FACE) == (
        "Answer: match: Rei (similar enough). Candidates: Rei 0.91. Nearest faces: face 7 of Rei 0.95."
    )
    assert "unknown: nobody enrolled" in _evidence(FACE | {"verdict": "unknown", "character": None})


def test_three_candidates_and_three_faces_are_evidence_enough():
    many = {key: FACE[key] * 4 for key in ("candidates", "evidence")}
    assert _evidence(FACE | many).count("Rei 0.91") == 3
    assert _evidence(FACE | many).count("face 7 of Rei") == 3


@pytest.mark.parametrize("there", [True, False])
def test_without_a_detector_the_picture_that_is_asked_about_is_a_face(ran, workspace, settings, monkeypatch, there):
    def load(*args, **options):
        if not there:
            raise DetectorError("There is none.")

    monkeypatch.setattr("core.vision.load_detector", load)
    result = tour.run(Context(Arguments(1, 1, 5), "test", settings, silent))
    assert ran[-1][1].config.faces is not there
    assert (
        result.text.splitlines()[-2]
        == f"Asked: a new picture of {result.document['truth']} ({ran[-1][1].pictures[0]})."
    )


def test_where_no_face_was_found_it_says_so(ran, workspace, settings, monkeypatch):
    monkeypatch.setattr(recognise, "run", lambda context: CommandResult([{"faces": []}], "Nothing."))
    result = tour.run(Context(Arguments(1, 1, 5), "test", settings, silent))
    assert result.text.splitlines()[-1] == "No face was found on it."
    assert result.document["answer"] == []


def test_by_itself_it_draws_what_demo_draws():
    assert Arguments() == Arguments(8, 30, 0)


def test_each_report_says_which_step_it_comes_from(ran, workspace, settings):
    told = []
    tour.run(Context(Arguments(3, 4, 5), "test", settings, told.append))
    places = [(p.data["step"], p.data["number"], p.data["steps"]) for p in told]
    assert places[:2] == [("demo", 1, 8), ("crop", 2, 8)]
    assert places[-2:] == [("map", 7, 8), ("recognise", 8, 8)]


def test_it_leaves_examples_to_try_with(ran, workspace, settings):
    result = tour.run(Context(Arguments(3, 4, 5), "test", settings, silent))
    examples = read_examples(workspace)
    assert str(examples[0].path) == result.document["asked"]
    assert [one.truth for one in examples] == [one.name for one in cast(3, 5)] + [""]
