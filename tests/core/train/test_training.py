"""Training and measuring on a workspace: which faces count, whose weights are judged, what a run remembers."""

from __future__ import annotations

import numpy as np
import pytest

from core.atomic import write_json
from core.errors import DataError, WorkspaceError
from core.train import training
from core.train.config import TrainConfig
from core.train.data import load_pixels
from core.train.presets import preset
from core.train.runs import CONFIG, METRICS, RunResult
from core.train.training import evaluate_workspace, face_set, judged_weights, split_of, train_workspace
from core.workspace import characters
from core.workspace.locks import step_lock
from core.workspace.staleness import freshness
from tests.coloured_faces import add_face

RED, BLUE, GREEN = (200, 10, 10), (10, 10, 200), (10, 200, 10)


@pytest.fixture
def split(project):
    """Rei: two training faces, one of validation; Asuka the same; Misato a stranger; a copy of Rei's first face."""
    for name, colour in (("Rei", RED), ("Asuka", BLUE)):
        character = project.catalogue.add_character(name)
        for i, part in enumerate(("train", "train", "validation")):
            add_face(project, character, str(i), colour, split=part)
    add_face(project, project.catalogue.add_character("Misato"), "0", GREEN, split="stranger")
    first = project.catalogue.faces()[0]
    rei = project.catalogue.character("Rei")
    add_face(project, rei, "0_balancing", RED, split="train", copy_of=first.id, made_by="copy")
    return project


def test_copies_teach_but_do_not_measure(split):
    assert [len(split_of(split.catalogue, copies=copies)) for copies in (True, False)] == [8, 7]


def test_a_copy_of_a_face_that_is_gone_and_a_face_without_a_name_do_not_count(split):
    first, second = split.catalogue.faces()[:2]
    split.catalogue.set_values("faces", {first.id: {"state": "rejected"}, second.id: {"character_id": None}})
    assert len(split_of(split.catalogue, copies=True)) == 5


def test_before_a_split_it_says_what_to_do(project):
    add_face(project, project.catalogue.add_character("Rei"), "0", RED)
    with pytest.raises(DataError, match="Balance first"):
        split_of(project.catalogue, copies=True)


def test_a_training_takes_pixels_names_and_parts_together(split):
    faces = face_set(split)
    assert faces.labels == ("Rei",) * 3 + ("Asuka",) * 3 + ("Misato", "Rei")
    assert faces.parts == ("train", "train", "validation") * 2 + ("stranger", "train")
    assert {load().shape for load in faces.faces} == {(8, 8, 3)}


def colours(monkeypatch, asked):
    by_name = {"Rei": (1.0, 0.0), "Asuka": (0.0, 1.0), "Misato": (0.7071, 0.7071)} | {"Ayanami": (1.0, 0.0)}

    def embed(project, faces, weights, report):
        names = {c.id: c.name for c in project.catalogue.characters()}
        asked.append(weights)
        return faces, np.array([by_name[names[f.character_id]] for f in faces], np.float32)

    monkeypatch.setattr(training, "embed_readable", embed)


def test_validation_faces_ask_training_faces_answer_and_strangers_stay_out(split, monkeypatch):
    asked = []
    colours(monkeypatch, asked)
    found = evaluate_workspace(split, "pretrained").as_dict()
    assert (found["n"], found["top1"]) == (2, 1.0)
    assert asked[0].name == "encoder.safetensors"


def test_a_run_is_judged_by_its_chosen_weights_never_by_the_refitted_ones(workspace):
    folder = workspace.models / "first"
    folder.mkdir(parents=True)
    (folder / "encoder.safetensors").write_bytes(b"refitted")
    assert judged_weights(workspace, "first").name == "encoder.safetensors"
    (folder / training.CHOSEN).write_bytes(b"chosen")
    assert judged_weights(workspace, "first") == folder / training.CHOSEN


def test_two_trainings_at_once_are_refused_by_name(split):
    with step_lock(split.workspace, "train"), pytest.raises(WorkspaceError, match="train"):
        train_workspace(split, TrainConfig())


def test_faces_whose_label_was_confirmed_are_no_label_errors(split, monkeypatch):
    from core.workspace.confirmed import confirm_labels

    asuka = split.catalogue.character("Asuka")
    wrong = add_face(split, asuka, "wrong", RED, split="train")

    def embed(project, faces, weights, report):
        return faces, np.array(
            [(0, 1) if f.character_id == asuka.id and f.id != wrong.id else (1, 0) for f in faces], "f4"
        )

    monkeypatch.setattr(training, "embed_readable", embed)
    found = training.workspace_label_errors(split, training.shipped_path())
    assert [one.face for one in found] == [wrong.id]
    confirm_labels(split.catalogue, [wrong])
    assert training.workspace_label_errors(split, training.shipped_path()) == ()


def test_a_face_that_cannot_be_read_is_left_out_and_told(split):
    first = split.catalogue.faces()[0]
    split.workspace.path(first.path).unlink()
    told = []
    assert first.id not in face_set(split, told.append).ids
    assert [(p.stage, p.n, p.total) for p in told] == [("read", 0, 8)] and told[0].note


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda project, rei: characters.rename(project, rei, "Ayanami"),
        lambda project, rei: characters.merge(project, rei, project.catalogue.character("Asuka")),
        lambda project, rei: characters.delete(project, rei),
    ],
    ids=["renamed", "merged", "deleted"],
)
def test_a_character_that_is_moved_beside_a_training_is_trained_on_as_it_was(split, meanwhile, monkeypatch):
    colours(monkeypatch, [])
    seen = []

    def compute(faces, config, folder, report):
        meanwhile(split, split.catalogue.character("Rei"))
        seen.append((set(faces.labels), len(load_pixels(faces.faces, 8))))
        return RunResult(folder, config, {"top1": 1.0})

    run = train_workspace(split, preset("quick", init="random"), compute=compute)
    assert seen == [({"Rei", "Asuka", "Misato"}, 8)]
    assert run.name == "quick-1"


def test_a_face_that_is_lost_beside_a_training_is_told_and_the_training_goes_on(split, monkeypatch):
    colours(monkeypatch, [])
    first = split.catalogue.faces()[0]

    def compute(faces, config, folder, report):
        split.workspace.path(first.path).unlink(missing_ok=True)
        load_pixels(faces.faces, 8)
        return RunResult(folder, config, {"top1": 1.0})

    config = preset("quick", init="random")
    with pytest.raises(DataError, match=r"lost while the training read it: .*/0\.png.*`train --resume quick-1`"):
        train_workspace(split, config, compute=compute)
    assert train_workspace(split, config, resume="quick-1", compute=compute).name == "quick-1"


@pytest.mark.parametrize("same", [True, False])
def test_a_run_that_ended_unentered_is_entered_with_the_faces_that_it_learned_from(split, monkeypatch, same):
    colours(monkeypatch, [])
    learned = face_set(split).fingerprint() if same else "other faces"
    folder = split.workspace.models / "quick-1"
    folder.mkdir(parents=True)
    preset("quick", init="random").save(folder / CONFIG)
    write_json(folder / METRICS, {"top1": 1.0})
    monkeypatch.setattr(training, "faces_learned", lambda run: learned)
    for _ in range(2):
        assert train_workspace(split, TrainConfig(), resume="quick-1").finished
    assert len(split.catalogue.results("run")) == 1, "once it is entered that is that"
    assert freshness(split.catalogue, "run").stale is not same
