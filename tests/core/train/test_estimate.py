"""The time estimate before the start."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from core.errors import DataError
from core.train.divided import Divided
from core.train.estimate import Estimate, estimate
from core.train.run import train
from tests.core.train.conftest import coloured_faces


def divided(faces):
    return Divided.of(Counter(zip(faces.parts, faces.labels, strict=True)))


def test_it_foresees_the_steps_of_the_training(faces, tiny, tmp_path):
    foreseen = estimate(divided(faces), tiny)
    seen = []
    train(faces, tiny, tmp_path / "run", report=seen.append)
    assert foreseen.steps == seen[-1].total
    assert foreseen.seconds > 0


def test_it_leaves_the_global_generator_alone(faces, tiny):
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    estimate(divided(faces), tiny)
    assert torch.equal(torch.rand(1), expected)


def test_a_known_step_time_is_taken_and_the_batch_is_no_larger_than_the_cast(faces, tiny, monkeypatch):
    """24 faces of 4 characters, batches of 4 x 2: 3 steps an epoch; and 1 refit epoch of 36 faces, 4 steps."""
    seen = []

    def known(config, device, *, cache):
        seen.append((config.classes_per_batch, cache))
        return 0.5

    monkeypatch.setattr("core.train.estimate.seconds_per_step", known)
    foreseen = estimate(divided(faces), replace(tiny, classes_per_batch=200), cache=Path("x"))
    assert seen == [(4, Path("x"))]
    assert foreseen.steps == 3 * 3 + 4
    assert foreseen.faces_per_second == 8 / 0.5
    checked = (3 / 1 + 2) * 36 / 3
    assert foreseen.seconds == pytest.approx((13 * 8 + checked) / 16)


def test_it_speaks_of_seconds_or_minutes():
    assert Estimate(100, 20.0, 42.0).words == "about 42 seconds (100 steps, 20 faces a second)"
    assert [Estimate(100, 20.0, s).words[6:16] for s in (89.0, 90.0)] == ["89 seconds", "2 minutes "]
    assert Estimate(100, 20.0, 600.0).words.startswith("about 10 minutes")


def test_strangers_are_not_looked_at_and_without_validation_nothing_is_judged(tiny, monkeypatch):
    """24 and 12 faces in batches of 3 x 2, of which a step takes a second: 4 steps an epoch for 3 epochs."""
    monkeypatch.setattr("core.train.estimate.seconds_per_step", lambda *_, **__: 1.0)
    config = replace(tiny, refit_fraction=0.0, validate_every=2)
    for faces, judged in ((coloured_faces(strangers=5), 36), (coloured_faces(validation=0), 0)):
        forward = (3 / 2 + 2) * judged / 3
        assert estimate(divided(faces), config).seconds == pytest.approx((12 * 6 + forward) / 6)


def test_one_character_is_too_few_in_the_words_of_the_training(tiny):
    with pytest.raises(DataError, match="at least 2 characters, got 1"):
        estimate(Divided.of({("train", "Rei"): 9, ("validation", "Asuka"): 3}), tiny)
