"""How long a training will take, from the time of a step on this machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from core.train.config import TrainConfig
from core.train.data import check_enough
from core.train.divided import Divided
from core.train.speed import default_device, resolve_precision, seconds_per_step
from core.train.stages import course
from core.train.start import resolve_config


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
    faces: Divided,
    config: TrainConfig,
    *,
    cache: Path | None = None,
    device: str | None = None,
) -> Estimate:
    """Estimate a training on so many faces; none is read. Raises DataError where too few characters are trained on.

    cache: file of measured step times (core.train.speed); where it knows this kind of step, nothing is computed.
    Validating is counted as forward passes, a third of a step each. Frozen epochs count in full.
    """
    check_enough(faces.characters)
    place = default_device(device)
    config = resolve_precision(resolve_config(config), place, cache)
    config = replace(config, classes_per_batch=min(config.classes_per_batch, faces.characters))
    stages = course(faces.own, faces.own + faces.known, faces.characters, config)
    steps = sum(steps for _, steps in stages)
    batch = config.classes_per_batch * config.samples_per_class
    rate = batch / seconds_per_step(config, place, cache=cache)
    epochs = stages[0][0] / config.validate_every + 2 if faces.judged else 0
    forward = epochs * (faces.own + faces.judged) / 3
    return Estimate(steps, rate, (steps * batch + forward) / rate)
