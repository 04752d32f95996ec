"""The learning rate as a pure function of the step: nothing to save, nothing to resume."""

from __future__ import annotations

import math

from core.train.config import TrainConfig


def rate_factor(config: TrainConfig, step: int, total: int, steps_per_epoch: int) -> float:
    """Share of the peak rate at a step (0 to total - 1): linear warm-up, then cosine to zero, stairs, or constant.

    With warm_up 0.1 and 100 steps: 0.1 at step 0, 1.0 at step 9, cosine from there. Stairs: x step_factor
    every step_epochs epochs.
    """
    warm = round(config.warmup_fraction * total)
    if step < warm:
        return (step + 1) / warm
    if config.schedule == "step":
        return config.step_factor ** (step // steps_per_epoch // config.step_epochs)
    if config.schedule == "constant":
        return 1.0
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / (total - warm)))
