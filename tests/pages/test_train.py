import json

import pytest
from streamlit.testing.v1 import AppTest

from core import jobs
from core.progress import Progress
from core.settings import ROOT
from core.train.config import TrainConfig
from core.train.label_errors import FaceLabelError, LabelErrors
from core.workspace.models import encoder_in_use
from tests.coloured_faces import add_face

DOUBT = FaceLabelError(1, "Rei", "Asuka", 0.8)


@pytest.fixture(autouse=True)
def no_clock(monkeypatch, tmp_path):
    """The estimate is tested with core.train; here it costs nothing. Nothing is shipped."""
    monkeypatch.setattr("ui.train.form.time_needed", lambda *_: "about 2 minutes")
    monkeypatch.setattr("core.workspace.models.PRETRAINED", tmp_path / "none")
    monkeypatch.setattr("core.train.presets.PRETRAINED", tmp_path / "none")


def run() -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "train.py"), default_timeout=60).run()
    assert not app.exception
    return app


@pytest.fixture
def split(project):
    """Four faces of each of two characters, the last of each kept back."""
    for name in ("Rei", "Asuka"):
        character = project.catalogue.add_character(name)
        for i in range(4):
            face = add_face(project, character, f"{name}{i}", (50 * i, 100, 200))
            project.catalogue.set_values("faces", {face.id: {"split": "validation" if i == 3 else "train"}})
    return project


def finished_run(workspace, name: str, **metrics):
    folder = workspace.models / name
    folder.mkdir(parents=True)
    TrainConfig().save(folder / "config.json")
    rows = [{"stage": "choose", "epoch": 1, "step": 3, "loss": 1.0, "triplet": 0.5, "active": 0.7, "map_at_r": 0.4}]
    (folder / "history.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "metrics.json").write_text(json.dumps({"of": "epoch 1 of 1", "n": 2, "seconds": 65.0, **metrics}))
    (folder / "encoder.safetensors").write_bytes(b"weights")


def test_undivided_faces_point_to_balance(split):
    catalogue = split.catalogue
    catalogue.set_values("faces", {face.id: {"split": ""} for face in catalogue.faces()})
    (info,) = run().info
    assert "not divided" in info.value
    assert "Divide the faces" in info.value


def test_one_new_picture_does_not_lead_away_from_dividing_the_faces(split):
    catalogue = split.catalogue
    catalogue.set_values("faces", {face.id: {"split": ""} for face in catalogue.faces()})
    catalogue.add_picture(catalogue.characters()[0].id, path="pictures/Rei/new.jpg")
    app = run()
    assert "Divide the faces" in app.info[0].value
    assert [(b.key, b.label) for b in app.button] == [("lead_to_balance", "Go to Balance")]


def test_an_empty_workspace_points_to_collect(workspace):
    assert "Bring pictures in." in run().info[0].value


@pytest.mark.parametrize(
    ("before", "after", "advice"),
    [((DOUBT,), (), "with the shipped encoder chosen in Visualise"), (None, (DOUBT,), "Visualise shows them.")],
)
def test_labels_that_look_wrong_are_told_with_where_to_see_them(split, before, after, advice):
    workspace = split.workspace
    finished_run(workspace, "run1", top1=0.5)
    LabelErrors(before=before, after=after).save(workspace.models / "run1")
    app = run()
    warnings = [w.value for w in app.warning]
    assert any("1 label looks wrong" in w and advice in w for w in warnings), warnings
    assert "Check these faces" in [c.value for c in app.caption], "a link, where the page runs in the app"


def test_without_a_label_that_looks_wrong_there_is_nothing_to_check(split):
    finished_run(split.workspace, "run1", top1=0.5)
    LabelErrors(before=(), after=()).save(split.workspace.models / "run1")
    app = run()
    assert not [w.value for w in app.warning]
    assert "Check these faces" not in [c.value for c in app.caption]


@pytest.mark.parametrize(("best", "more"), [("recommended", ""), ("quick", " --preset quick")])
def test_the_preset_that_fits_the_machine_is_chosen_already(split, monkeypatch, best, more):
    monkeypatch.setattr("ui.train.form.suggested", lambda device, cores: best)
    app = run()
    assert app.code[0].value == "python -m core train --workspace test" + more
    assert any("Suggested here" in c.value for c in app.caption) == (best == "quick")


def test_preset_and_start_become_the_command(split, monkeypatch):
    monkeypatch.setattr("ui.train.form.suggested", lambda device, cores: "recommended")
    app = run()
    assert app.code[0].value == "python -m core train --workspace test"
    assert "about 2 minutes" in " ".join(c.value for c in app.caption).lower()
    app.segmented_control(key="train_preset").select("quick").run()
    app.number_input(key="train_epochs_quick_random").set_value(3).run()
    assert app.code[0].value == "python -m core train --workspace test --preset quick --epochs 3"
    assert app.radio(key="train_init_quick").options == [
        "ImageNet weights, which know photographs (downloaded once)",
        "Random weights: the encoder learns from your faces alone",
    ]


def test_runs_are_compared_and_one_is_chosen(split):
    project = split
    finished_run(project.workspace, "quick-1", top1=0.5, map_at_r=0.4)
    finished_run(project.workspace, "quick-2", top1=0.75, map_at_r=0.6)
    app = run()
    table = app.dataframe[0].value.set_index("run")
    assert table["top-1"].to_dict() == {"quick-2 (in use)": 75.0, "quick-1": 50.0}
    assert table["time"].tolist() == ["1 min 5 s"] * 2
    app.selectbox(key="train_encoder_2").select("quick-1").run()
    assert not app.exception
    assert encoder_in_use(project).name == "quick-1"
    app.selectbox(key="train_encoder_2").select("the last finished run").run()
    assert encoder_in_use(project).name == "quick-2"


def test_a_stopped_run_can_be_resumed(split):
    project = split
    folder = project.workspace.models / "quick-1"
    folder.mkdir(parents=True)
    TrainConfig().save(folder / "config.json")
    (folder / "checkpoint.safetensors").write_bytes(b"")
    app = run()
    assert app.button(key="resume_quick-1").label == "Resume quick-1"
    assert "python -m core train --workspace test --resume quick-1" in [c.value for c in app.code]


def test_a_running_training_is_followed_and_a_collapse_is_told(split):
    project = split
    folder = project.workspace.jobs / "20260101-000000-000000"
    folder.mkdir(parents=True)
    about = {"step": "train", "arguments": [], "started": "2026-01-01T00:00:00+00:00", "pid": 0}
    (folder / "job.json").write_text(json.dumps(about))
    data = {"loss": 0.7, "triplet": 0.69, "cross_entropy": 0.0, "active": 1.0, "epoch": 2, "stage": "choose"}
    data |= {"collapsed": True, "map_at_r": 0.1, "top1": 0.2}
    jobs.reporter(folder)(Progress("train", 30, 60, 10.0, data=data))
    app = run()
    assert {m.label: m.value for m in app.metric} == {
        "Epoch": "2",
        "Loss": "0.700",
        "Active triplets": "100%",
        "Best MAP@R so far": "10.0%",
    }
    assert "collapsed" in app.error[0].value
    assert not [b for b in app.button if b.key == "train_start"]
