"""The time estimate before the start."""

import torch

from core.train.estimate import Estimate, estimate
from core.train.run import train


def test_it_foresees_the_steps_of_the_training(faces, tiny, tmp_path):
    foreseen = estimate(faces.parts, faces.labels, tiny)
    seen = []
    train(faces, tiny, tmp_path / "run", report=seen.append)
    assert foreseen.steps == seen[-1].total
    assert foreseen.seconds > 0


def test_it_leaves_the_global_generator_alone(faces, tiny):
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    estimate(faces.parts, faces.labels, tiny)
    assert torch.equal(torch.rand(1), expected)


def test_it_speaks_of_seconds_or_minutes():
    assert Estimate(100, 20.0, 42.0).words.startswith("about 42 seconds")
    assert Estimate(100, 20.0, 600.0).words.startswith("about 10 minutes")
