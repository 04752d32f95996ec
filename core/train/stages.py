"""The stages of a training on given faces, and whether its batches can be divided over several processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.errors import DataError
from core.progress import Reporter
from core.train.config import TrainConfig
from core.train.data import TRAIN, VALIDATION, FaceSet
from core.train.runs import RunResult
from core.train.sampler import batches_of_epoch
from core.train.trainer import Stage, rounds_of

Compute = Callable[[FaceSet, TrainConfig, Path, Reporter], RunResult]
"""What trains on the faces, by the config, in a run's folder that holds it, and says how far it is."""


def check_divisible(faces: FaceSet, config: TrainConfig, ranks: int) -> None:
    """Raises DataError where the ranks would get parts of a batch of different sizes."""
    batch = min(config.classes_per_batch, len(faces.characters)) * config.samples_per_class
    if batch % ranks:
        raise DataError(
            f"A batch of {batch} faces cannot be divided evenly over {ranks} ranks. Set classes_per_batch or "
            f"samples_per_class so that their product is a multiple of {ranks}, or take another number of ranks."
        )


def stages(faces: FaceSet, config: TrainConfig) -> list[Stage]:
    """First the training part, from which validation chooses an epoch; then, if asked for, all faces for a while."""
    own, both, targets = faces.where(TRAIN), faces.where(TRAIN, VALIDATION), faces.classes()
    both = both[targets[both] >= 0]
    (epochs, _), *refit = course(len(own), len(both), len(faces.characters), config)
    found = [Stage("choose", 0, own, epochs, frozen_epochs=config.frozen_epochs)]
    return found + [Stage("refit", 1, both, epochs, peak=config.refit_lr_scale) for epochs, _ in refit]


def course(own: int, both: int, characters: int, config: TrainConfig) -> list[tuple[int, int]]:
    """Epochs and steps of each of these stages. own: faces that are trained on, of so many characters; both: with those
    of these characters that validate."""

    def steps(faces: int, epochs: int) -> int:
        rounds = rounds_of(faces, characters, config)
        return epochs * batches_of_epoch(characters, rounds, config.classes_per_batch)

    epochs = min(config.epochs, max(config.max_steps // steps(own, 1), 1))
    found = [(epochs, steps(own, epochs))]
    if config.refit_fraction and both > own:
        again = max(round(config.refit_fraction * epochs), 1)
        found.append((again, steps(both, again)))
    return found
