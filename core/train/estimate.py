"""How long a training will take, from a few steps taken for measure; its weights are thrown away."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from core.train.config import TrainConfig
from core.train.data import STRANGER, VALIDATION, FaceSet
from core.train.learner import Learner
from core.train.run import stages
from core.train.start import first_network, resolve_config
from core.train.trainer import make_sampler


@dataclass(frozen=True, slots=True)
class Estimate:
    """steps to take at most, faces shown a second, the seconds that all of it will take (an early stop saves some)."""

    steps: int
    faces_per_second: float
    seconds: float

    @property
    def words(self) -> str:
        """For a person: 'about 3 minutes, 720 steps of 21 faces a second'."""
        time_left = f"{self.seconds:.0f} seconds" if self.seconds < 90 else f"{self.seconds / 60:.0f} minutes"
        return f"about {time_left} ({self.steps} steps, {self.faces_per_second:.0f} faces a second)"


def estimate(
    parts: Sequence[str], labels: Sequence[str], config: TrainConfig, *, measured: int = 3, device: str | None = None
) -> Estimate:
    """Estimate a training on faces with these parts and labels: one step to warm up, `measured` steps on the clock.

    Validating is counted as forward passes, a third of a step each. No picture is read; frozen epochs count in full.
    """
    config = resolve_config(config)
    faces = FaceSet([np.empty(0)] * len(labels), tuple(labels), tuple(parts))
    course, targets = stages(faces, config), faces.classes()
    steps = sum(stage.epochs * len(make_sampler(stage, targets, config)) for stage in course)
    batch = min(config.classes_per_batch, len(faces.characters)) * config.samples_per_class
    with torch.random.fork_rng(devices=[]):
        place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        learner = Learner(first_network(config), len(faces.characters), config, place)
        pixels = torch.rand(batch, 3, config.image_size, config.image_size)
        wanted = torch.arange(batch) // config.samples_per_class
        learner.step(pixels, wanted, 0.0)
        start = time.perf_counter()
        for _ in range(measured):
            learner.step(pixels, wanted, 0.0)
        rate = measured * batch / (time.perf_counter() - start)
    judged = course[0].epochs / config.validate_every + 2 if len(faces.where(VALIDATION)) else 0
    forward = judged * sum(part != STRANGER for part in faces.parts) / 3
    return Estimate(steps, rate, (steps * batch + forward) / rate)
