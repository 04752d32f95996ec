"""A training from beginning to end: what it leaves, what it tells, that it can be stopped and taken up again."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from core.errors import Cancelled, DataError, EncoderError
from core.train import run as run_module
from core.train.checkpoint import load_checkpoint, save_checkpoint
from core.train.config import TrainConfig
from core.train.data import FaceSet
from core.train.ranks import ALONE
from core.train.run import train
from core.train.runs import faces_learned, list_runs, new_run_folder, read_run
from core.vision.colours import CELLS
from core.vision.encoder import load_encoder
from core.vision.network import build, read_encoder, save_encoder
from tests.core.train.conftest import coloured_faces


@pytest.fixture(scope="module")
def whole(tiny, tmp_path_factory):
    """What `tiny` comes to with `faces` where nothing disturbs it: trained once, read by many."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # as in the tests
    result = train(coloured_faces(), tiny, tmp_path_factory.mktemp("whole") / "run")
    torch.set_num_threads(before)
    return result


class Stop:
    """A reporter that asks to stop at a step, once."""

    def __init__(self, step):
        self.step = step

    def __call__(self, progress):
        if progress.stage == "train" and progress.n == self.step:
            self.step = -1
            raise Cancelled("stopped by the test")


def same_weights(a, b):
    first, second = load_file(a), load_file(b)
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)


def test_a_run_leaves_config_history_metrics_and_an_encoder(faces, tiny, tmp_path):
    result = train(faces, tiny, tmp_path / "run")
    assert result.finished
    assert sorted(p.name for p in result.folder.iterdir()) == [
        "chosen.safetensors", "config.json", "encoder.safetensors", "history.jsonl", "metrics.json",
    ]  # fmt: skip
    metrics = json.loads((result.folder / "metrics.json").read_text())
    assert {"n", "protocol", "top1", "precision_at_1", "precision_at_5", "hit_at_5", "map_at_r", "eer"} <= set(metrics)
    assert metrics["n"] == 12
    assert (metrics["epochs"], metrics["steps"], metrics["refit"]) == (3, 3 * 4 + 6, True), "36 faces: 6 batches of 6"
    assert metrics["faces"] == {"train": 24, "validation": 12, "stranger": 0}
    assert 1 <= metrics["epoch"] <= 3 and 0 < metrics["seconds"] == round(metrics["seconds"], 1)
    assert metrics["top1"] > 0.7, "colours are easy"
    assert "random weights" in metrics["start"]
    assert "validation included" in metrics["of"]
    assert load_encoder(result.folder).embed([faces.faces[0]]).shape == (1, 8)
    assert [row["stage"] for row in result.history] == ["choose"] * 3 + ["refit"]
    assert result.config == replace(tiny, precision=result.config.precision)


def test_the_reporter_sees_every_step_with_its_figures(faces, tiny, tmp_path):
    seen = []
    train(faces, tiny, tmp_path / "run", report=seen.append)
    steps = [p for p in seen if p.stage == "train"]
    assert [p.n for p in steps] == list(range(1, steps[-1].total + 1)) == list(range(1, 19))
    places = [(p.data["stage"], p.data["epoch"]) for p in steps]
    assert places == [("choose", 1)] * 4 + [("choose", 2)] * 4 + [("choose", 3)] * 4 + [("refit", 1)] * 6
    assert {(p.note, p.data["collapsed"]) for p in steps} == {("", False)}
    assert 0 < steps[0].seconds < steps[-1].seconds
    assert {"loss", "active", "d_ap", "d_an", "lr", "spread", "epoch", "stage", "collapsed"} <= set(steps[0].data)
    assert {"map_at_r", "top1"} <= set(steps[-1].data)


@pytest.mark.parametrize("step", [1, 4, 9, 12, 13])
def test_a_cancelled_and_resumed_training_ends_with_the_same_weights(faces, tiny, tmp_path, step, whole):
    stop = Stop(step)
    with pytest.raises(Cancelled):
        train(faces, tiny, tmp_path / "run", report=stop)
    broken = read_run(tmp_path / "run")
    assert broken.resumable
    assert not broken.finished
    resumed = train(faces, TrainConfig(), tmp_path / "run", resume=True)
    assert same_weights(whole.encoder, resumed.encoder)
    assert same_weights(whole.chosen, resumed.chosen)
    timeless = [{k: v for k, v in row.items() if k != "seconds"} for row in resumed.history]
    assert timeless == [{k: v for k, v in row.items() if k != "seconds"} for row in whole.history]
    assert {k: v for k, v in resumed.metrics.items() if k != "seconds"} == {
        k: v for k, v in whole.metrics.items() if k != "seconds"
    }


@pytest.mark.parametrize(("device", "precision"), [("cuda", "float32"), ("cpu", "bfloat16")])
def test_what_a_card_began_in_bfloat16_goes_on_in_float32_on_a_processor(faces, tiny, tmp_path, device, precision):
    folder = tmp_path / "run"
    with pytest.raises(Cancelled):
        train(faces, replace(tiny, precision="bfloat16"), folder, report=Stop(2))
    tensors, state = load_checkpoint(folder)
    assert state["device"] == "cpu"
    save_checkpoint(folder, tensors, state | {"device": device})
    assert train(faces, tiny, folder, resume=True).config.precision == precision


@pytest.mark.parametrize("changes", [{}, {"ema_decay": 0.0}, {"optimiser": "adam", "frozen_epochs": 1}])
def test_a_batch_in_parts_is_resumed_exactly_too(faces, tiny, tmp_path, changes):
    config = replace(tiny, microbatch=2, epochs=2, **changes)
    whole = train(faces, config, tmp_path / "whole")
    with pytest.raises(Cancelled):
        train(faces, config, tmp_path / "run", report=Stop(3))
    assert same_weights(whole.encoder, train(faces, config, tmp_path / "run", resume=True).encoder)


def test_a_batch_in_parts_gives_the_same_weights_on_one_core_and_on_three(faces, tiny, tmp_path):
    config = replace(tiny, microbatch=2, epochs=2)
    alone = train(faces, config, tmp_path / "one")
    torch.set_num_threads(3)
    assert same_weights(alone.encoder, train(faces, config, tmp_path / "three").encoder)


def test_a_run_from_before_there_were_parts_goes_on_with_whole_batches(faces, tiny, tmp_path):
    tiny.save(tmp_path / "config.json")
    values = json.loads((tmp_path / "config.json").read_text())
    del values["microbatch"]
    (tmp_path / "config.json").write_text(json.dumps(values))
    assert read_run(tmp_path).config.microbatch == 0


def test_kept_statistics_of_batch_normalisation_are_those_of_the_start(faces, tiny, tmp_path, monkeypatch, whole):
    shipped = whole.encoder
    monkeypatch.setattr("core.train.start.pretrained_path", lambda: shipped)
    result = train(faces, replace(tiny, init="pretrained", freeze_batchnorm=True), tmp_path / "run")
    start, end = load_file(shipped), load_file(result.encoder)
    kept = [k for k in start if k.startswith("backbone") and "running" in k]
    assert kept
    assert all(torch.equal(start[k], end[k]) for k in kept)
    assert not torch.equal(start["backbone.stem.0.weight"], end["backbone.stem.0.weight"])


def test_a_killed_training_goes_on_from_its_last_checkpoint(faces, tiny, tmp_path, monkeypatch, whole):
    monkeypatch.setattr(run_module, "CHECKPOINT_SECONDS", 0.0)

    def die(progress):
        if progress.stage == "train" and progress.n == 7:
            raise RuntimeError("the machine went down")

    with pytest.raises(RuntimeError):
        train(faces, tiny, tmp_path / "run", report=die)
    assert same_weights(whole.encoder, train(faces, tiny, tmp_path / "run", resume=True).encoder)


def test_the_same_seed_gives_the_same_weights_and_another_does_not(faces, tiny, tmp_path, whole):
    torch.manual_seed(99)
    assert same_weights(whole.encoder, train(faces, tiny, tmp_path / "b").encoder)
    assert not same_weights(whole.encoder, train(faces, replace(tiny, seed=1), tmp_path / "c").encoder)


def test_it_leaves_the_global_generator_alone(faces, tiny, tmp_path):
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    train(faces, replace(tiny, epochs=1, refit_fraction=0.0), tmp_path / "run")
    assert torch.equal(torch.rand(1), expected)


def test_without_a_refit_the_chosen_weights_recognise(faces, tiny, tmp_path):
    result = train(faces, replace(tiny, refit_fraction=0.0), tmp_path / "run")
    assert same_weights(result.encoder, result.chosen)
    assert "went on" not in result.metrics["of"]
    assert result.metrics["steps"] == result.history[-1]["step"]
    assert result.metrics["refit"] is False


def test_without_validation_faces_the_last_epoch_is_taken_and_said(tiny, tmp_path, faces):
    keep = faces.where("train")
    few = FaceSet([faces.faces[i] for i in keep], [faces.labels[i] for i in keep], ["train"] * len(keep))
    metrics = train(few, tiny, tmp_path / "run").metrics
    assert metrics["n"] == 0
    assert metrics["epoch"] == 3
    assert "no validation" in metrics["protocol"]


def test_strangers_are_measured_and_never_trained_on(tiny, tmp_path):
    faces = coloured_faces(strangers=4)
    result = train(faces, tiny, tmp_path / "run")
    assert result.metrics["strangers"] == 4
    assert result.metrics["dir_at_far_1"] is not None
    assert len(faces.characters) == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"mining": "batch_all"},
        {"mining": "semi_hard", "margin": 0.2},
        {"mining": "none"},
        {"cross_entropy": 0.0, "margin": 0.15, "optimiser": "adam", "schedule": "step", "ema_decay": 0.0},
        {"precision": "float32", "schedule": "constant", "frozen_epochs": 1},
    ],
)
def test_every_switch_trains(faces, tiny, tmp_path, changes):
    result = train(faces, replace(tiny, epochs=2, **changes), tmp_path / "run")
    assert np.isfinite(result.history[-1]["loss"])


def test_early_stop_keeps_the_best_epoch(faces, tiny, tmp_path, monkeypatch):
    scores = iter([{"map_at_r": 0.5}, {"map_at_r": 0.9}, {"map_at_r": 0.4}, {"map_at_r": 0.3}])
    monkeypatch.setattr(run_module.Training, "_validate", lambda self: next(scores))
    result = train(faces, replace(tiny, epochs=50, patience=2), tmp_path / "run")
    assert result.metrics["epoch"] == 2
    assert result.metrics["epochs"] == 4


def test_max_steps_shortens_the_training_of_many_faces(faces, tiny, tmp_path):
    result = train(faces, replace(tiny, epochs=50, max_steps=9, refit_fraction=0.0), tmp_path / "run")
    assert result.metrics["steps"] <= 9


def test_other_faces_than_it_began_with_are_refused(faces, tiny, tmp_path):
    with pytest.raises(Cancelled):
        train(faces, tiny, tmp_path / "run", report=Stop(2))
    with pytest.raises(DataError, match="have changed"):
        train(coloured_faces(train=5), tiny, tmp_path / "run", resume=True)


def test_a_folder_that_holds_a_run_is_not_written_over(faces, tiny, tmp_path):
    train(faces, replace(tiny, epochs=1), tmp_path / "run")
    with pytest.raises(DataError, match="already"):
        train(faces, tiny, tmp_path / "run")
    again = train(faces, tiny, tmp_path / "run", resume=True)
    assert again.finished and faces_learned(again) == faces.fingerprint()


def test_missing_shipped_weights_are_said(faces, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("core.train.start.pretrained_path", lambda: tmp_path / "nothing")
    with pytest.raises(EncoderError, match="'imagenet' or 'random'"):
        train(faces, replace(tiny, init="pretrained"), tmp_path / "run")


def test_shipped_weights_bring_their_architecture(faces, tiny, tmp_path, monkeypatch):
    shipped = train(faces, replace(tiny, embedding_dim=6, width=5), tmp_path / "shipped").encoder
    monkeypatch.setattr("core.train.start.pretrained_path", lambda: shipped)
    result = train(faces, replace(tiny, init="pretrained"), tmp_path / "run")
    assert (result.config.embedding_dim, result.config.width) == (6, 5)
    assert "shipped encoder" in result.metrics["start"]


def test_what_is_kept_of_the_start_is_in_both_encoders(faces, tiny, tmp_path, monkeypatch):
    shipped = train(faces, tiny, tmp_path / "first").encoder
    monkeypatch.setattr("core.train.start.pretrained_path", lambda: shipped)
    result = train(faces, replace(tiny, init="pretrained", weight_interpolation=1.0), tmp_path / "run")
    assert "100% of the shipped encoder is mixed in" in result.metrics["of"]
    start = load_file(shipped)
    for path in (result.chosen, result.encoder):
        weights = {k: v for k, v in load_file(path).items() if v.is_floating_point()}
        torch.testing.assert_close(weights, {k: start[k] for k in weights})


def test_with_shipped_weights_the_classifier_points_at_the_characters_at_once(faces, tiny, tmp_path, monkeypatch):
    shipped = train(faces, replace(tiny, epochs=12), tmp_path / "shipped").encoder
    monkeypatch.setattr("core.train.start.pretrained_path", lambda: shipped)
    seen = []
    train(faces, replace(tiny, init="pretrained", epochs=1), tmp_path / "run", report=seen.append)
    first = next(p for p in seen if p.stage == "train")
    assert first.data["cross_entropy"] < 0.9 * np.log(4), "a classifier of zeros would give ln 4"


def test_colours_behind_the_embedding_go_through_a_training_as_they_are(faces, tiny, tmp_path, monkeypatch):
    first = train(faces, tiny, tmp_path / "first").encoder
    net, spec, _ = read_encoder(first)
    coloured = build(replace(spec, colours=3, colour_share=0.2))
    coloured.load_state_dict(coloured.state_dict() | net.state_dict() | {"colours.basis": torch.rand(CELLS, 3)})
    shipped = tmp_path / "coloured.safetensors"
    save_encoder(shipped, coloured, coloured.spec, {})
    monkeypatch.setattr("core.train.start.pretrained_path", lambda: shipped)
    result = train(faces, replace(tiny, init="pretrained"), tmp_path / "run")
    end, spec, _ = read_encoder(result.encoder)
    assert (spec.colours, spec.colour_share) == (3, 0.2)
    torch.testing.assert_close(
        end.state_dict()["colours.basis"], read_encoder(shipped)[0].state_dict()["colours.basis"]
    )


def test_runs_are_listed_newest_first_and_numbered(faces, tiny, tmp_path):
    for _ in range(2):
        folder = new_run_folder(tmp_path, "tiny")
        train(faces, replace(tiny, epochs=1), folder)
    (tmp_path / "something else").mkdir()
    assert [run.name for run in list_runs(tmp_path)] == ["tiny-2", "tiny-1"]
    assert list_runs(tmp_path / "nowhere") == []


def test_a_folder_without_a_run_is_said(tmp_path):
    with pytest.raises(DataError, match="no training"):
        read_run(tmp_path)


@pytest.fixture
def choosing(tiny):
    """A training that is about to judge its epochs, two of which may bring nothing better."""
    training = run_module.Training.__new__(run_module.Training)
    training.config, training.ranks = replace(tiny, patience=2, validate_every=2), ALONE
    training.best, training.best_weights = {"score": -1.0, "epoch": 0, "waited": 0}, {}
    training.learner = SimpleNamespace(weights=torch.nn.Linear(1, 1))
    training.stages = [SimpleNamespace(epochs=5)]
    return training


def test_of_equally_good_epochs_the_later_is_kept_and_after_two_poorer_ones_it_ends(choosing):
    found = []
    for epoch, score in enumerate(({"map_at_r": 0.5}, {"map_at_r": 0.5}, {"map_at_r": 0.4}, {"top1": 0.3}), 1):
        found.append((choosing._choose({"epoch": epoch, "map_at_r": None} | score), choosing.best["epoch"]))
    assert found == [(False, 1), (False, 2), (False, 2), (True, 2)]


def test_a_better_epoch_ends_the_waiting_and_without_a_figure_the_last_is_the_best(choosing):
    for epoch, score in enumerate((0.5, 0.4, 0.6), 1):
        assert not choosing._choose({"epoch": epoch, "map_at_r": score})
    assert (choosing.best["epoch"], choosing.best["waited"]) == (3, 0)
    assert not choosing._choose({"epoch": 4})
    assert choosing.best["epoch"] == 4


def test_every_other_epoch_and_the_last_are_validated(choosing, monkeypatch):
    seen = []
    monkeypatch.setattr(choosing, "_validate", lambda: {}, raising=False)
    monkeypatch.setattr(choosing, "_choose", lambda mean: seen.append(mean["epoch"]) or True, raising=False)
    monkeypatch.setattr(choosing, "_note", lambda mean: False, raising=False)
    assert [choosing._after_epoch({"epoch": epoch}) for epoch in range(1, 6)] == [False, True, False, True, True]
    assert seen == [2, 4, 5]
