"""What a training takes where nobody says anything, besides its config."""

from __future__ import annotations

from core.train import collapse, data, losses, presets, run, sampler, speed, trainer, training, validate
from tests.values import other_defaults, other_values

VALUES = [
    (presets, "SMALL", 4),
    (run, "CHECKPOINT_SECONDS", 20.0),
    (speed, "METHOD", 2),
    (speed, "ON_PROCESSOR", (1, 2)),
    (speed, "ON_CARD", (3, 12)),
    (speed, "CLEARLY_FASTER", 0.9),
]
DEFAULTS = [
    (collapse.CollapseWatch, {"steps": 20, "learned": True}),
    (data.load_pixels, {"threads": 4}),
    (losses.distances, {"normalise": False}),
    (losses.batch_hard, {"normalise": False}),
    (losses.batch_all, {"margin": 0.2, "normalise": False}),
    (losses.semi_hard, {"margin": 0.2, "normalise": False}),
    (presets.preset, {"seed": 0}),
    (run.train, {"resume": False}),
    (sampler.PKSampler, {"seed": 0, "rounds": 1}),
    (trainer.Stage, {"peak": 1.0, "frozen_epochs": 0}),
    (trainer.Position, {"stage": 0, "epoch": 0, "batch": 0, "step": 0, "stopped": False}),
    (training.evaluate_workspace, {"rerank": False}),
    (validate.embed, {"flip": True, "half": False}),
    (validate.measure, {"quick": False, "half": False}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
