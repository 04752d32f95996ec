"""How long a training will take, from the time of a step on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.train.config import TrainConfig
from core.train.data import STRANGER, VALIDATION, FaceSet
from core.train.speed import default_device, resolve_precision, seconds_per_step
from core.train.stages import stages
from core.train.start import resolve_config
from core.train.trainer import make_sampler


@dataclass(frozen=True, slots=True)
class Estimate:
    """steps to take at most, faces shown a second, the seconds that all of it will take (an early stop saves some)."""

    steps: int
    faces_per_second: float
    seconds: float

    @property
    def words(self) -> str:
        """For a person: 'about 3 minutes (720 steps, 21 faces a second)'."""
        time_left = f"{self.seconds:.0f} seconds" if self.seconds < 90 else f"{self.seconds / 60:.0f} minutes"
        return f"about {time_left} ({self.steps} steps, {self.faces_per_second:.0f} faces a second)"


def estimate(
    parts: Sequence[str],
    labels: Sequence[str],
    config: TrainConfig,
    *,
    cache: Path | None = None,
    device: str | None = None,
) -> Estimate:
    """Estimate a training on faces with these parts and labels; no picture is read.

    cache: file of measured step times (core.train.speed); where it knows this kind of step, nothing is computed.
    Validating is counted as forward passes, a third of a step each. Frozen epochs count in full.
    """
    place = default_device(device)
    faces = FaceSet([np.empty(0)] * len(labels), tuple(labels), tuple(parts))
    config = resolve_precision(resolve_config(config), place, cache)
    config = replace(config, classes_per_batch=min(config.classes_per_batch, len(faces.characters)))
    course, targets = stages(faces, config), faces.classes()
    steps = sum(stage.epochs * len(make_sampler(stage, targets, config)) for stage in course)
    batch = config.classes_per_batch * config.samples_per_class
    rate = batch / seconds_per_step(config, place, cache=cache)
    judged = course[0].epochs / config.validate_every + 2 if len(faces.where(VALIDATION)) else 0
    forward = judged * sum(part != STRANGER for part in faces.parts) / 3
    return Estimate(steps, rate, (steps * batch + forward) / rate)
