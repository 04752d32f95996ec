from __future__ import annotations

import pytest

from core.errors import DataError, WorkspaceError
from core.train.config import TrainConfig
from core.train.label_errors import SUSPECTS, FaceLabelError, LabelErrors, read_label_errors
from core.train.training import train_workspace, workspace_label_errors
from core.workspace.confirmed import confirm_labels
from core.workspace.locks import step_lock
from core.workspace.models import shipped_path
from tests.coloured_faces import add_face

DOUBT = FaceLabelError(3, "Rei", "Asuka", 0.8)


def test_doubts_say_how_many_and_come_back_from_the_folder(tmp_path):
    assert read_label_errors(tmp_path) == LabelErrors()
    assert LabelErrors().words == ""
    assert LabelErrors(before=(DOUBT,)).words == "1 label looks wrong before training."
    both = LabelErrors(before=(DOUBT, DOUBT), after=())
    assert both.words == "2 labels look wrong before training, 0 after it."
    assert LabelErrors(after=(DOUBT,)).words == "1 label looks wrong after training."
    both.save(tmp_path)
    assert read_label_errors(tmp_path) == both


def test_a_broken_list_is_told_in_words(tmp_path):
    (tmp_path / SUSPECTS).write_text('{"before": [{"face": 1}]}')
    with pytest.raises(DataError, match="doubtful labels"):
        read_label_errors(tmp_path)


@pytest.fixture
def mislabelled(project):
    """Six red faces, six blue ones, and a blue one that is called Red."""
    colours = {"Red": (200, 30, 30), "Blue": (30, 30, 200)}
    people = {name: project.catalogue.add_character(name) for name in colours}
    for number in range(6):
        for name, colour in colours.items():
            shade = tuple(c + 4 * number for c in colour)
            face = add_face(project, people[name], f"{name}{number}", shade)
            project.catalogue.set_values("faces", {face.id: {"split": "validation" if number == 5 else "train"}})
    wrong = add_face(project, people["Red"], "wrong", (40, 40, 210))
    project.catalogue.set_values("faces", {wrong.id: {"split": "train"}})
    return wrong


def test_a_training_lists_the_wrong_label_before_and_after(project, mislabelled):
    reports = []
    config = TrainConfig(
        preset="tiny",
        init="pretrained",
        epochs=1,
        classes_per_batch=2,
        samples_per_class=2,
        max_steps=2,
        refit_fraction=0.0,
        precision="float32",
    )
    run = train_workspace(project, config, report=reports.append)
    found = read_label_errors(run.folder)
    assert [(d.face, d.label, d.looks_like) for d in found.before] == [(mislabelled.id, "Red", "Blue")]
    assert mislabelled.id in [d.face for d in found.after]
    told = [p for p in reports if p.stage == "labels"]
    assert told[0].data == {"doubtful": 1}
    assert reports.index(told[0]) < next(i for i, p in enumerate(reports) if p.stage == "train")


def test_weights_that_know_no_faces_doubt_nothing_before(project, mislabelled):
    config = TrainConfig(
        preset="tiny",
        image_size=32,
        width=4,
        embedding_dim=8,
        epochs=1,
        classes_per_batch=2,
        samples_per_class=2,
        refit_fraction=0.0,
        precision="float32",
    )
    run = train_workspace(project, config)
    assert read_label_errors(run.folder).before is None
    assert read_label_errors(run.folder).after is not None


def test_a_confirmed_label_is_not_doubted(project, mislabelled):
    assert [d.face for d in workspace_label_errors(project, shipped_path())] == [mislabelled.id]
    confirm_labels(project.catalogue, [project.catalogue.face(mislabelled.id)])
    assert workspace_label_errors(project, shipped_path()) == ()


def test_a_second_training_is_refused_while_one_runs(project, mislabelled):
    with step_lock(project.workspace, "train"), pytest.raises(WorkspaceError, match="train"):
        train_workspace(project, TrainConfig(epochs=1))
    assert not project.workspace.models.exists(), "no folder of a run that never began"
