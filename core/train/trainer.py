"""The training loop: batches of P characters with K faces, one step each, until the epochs end or somebody says stop.

Nothing random is remembered: the batches of an epoch and the draws of a step follow from the seed and their
number, so a training that was interrupted goes on exactly as if it had not been.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.train.augment import AugmentConfig, augment
from core.train.config import TrainConfig
from core.train.learner import Learner, StepFigures
from core.train.ranks import Ranks, seed_numbers
from core.train.sampler import PKSampler
from core.train.schedule import rate_factor

AUGMENTS = {
    "none": AugmentConfig.none(),
    "article": AugmentConfig(True, (1.0, 1.0), 0.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0, grey_share=0.1),
    "light": AugmentConfig(zoom=(0.85, 1.05), turn=6.0, brightness=0.08, contrast=0.15, cast=0.03, soften_share=0.0),
    "standard": AugmentConfig(),
    "strong": AugmentConfig(zoom=(0.65, 1.15), turn=15.0, shift=0.08, erase_share=0.4, jpeg_share=0.1),
}


@dataclass(frozen=True)
class Stage:
    """A stretch of training on some of the faces. number tells its draws from another's; peak scales the rate."""

    name: str
    number: int
    faces: np.ndarray
    epochs: int
    peak: float = 1.0
    frozen_epochs: int = 0


@dataclass
class Position:
    """How far a stage has come: all numbers that a checkpoint keeps."""

    stage: int = 0
    epoch: int = 0
    batch: int = 0
    step: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    stopped: bool = False


def rounds_of(faces: int, characters: int, config: TrainConfig) -> int:
    """How often each character is shown in an epoch that shows about as many faces as there are."""
    return max(round(faces / (characters * config.samples_per_class)), 1)


def make_sampler(stage: Stage, targets: np.ndarray, config: TrainConfig) -> PKSampler:
    """Batches whose epoch shows about as many faces as there are."""
    own = targets[stage.faces]
    rounds = rounds_of(len(own), len(np.unique(own)), config)
    return PKSampler(
        own, p=config.classes_per_batch, k=config.samples_per_class, seed=seed_of(config, stage.number), rounds=rounds
    )


def seed_of(config: TrainConfig, *numbers: int) -> int:
    """A seed that follows from the config's seed and a place in the training."""
    return int(np.random.SeedSequence((config.seed, *numbers)).generate_state(1, np.uint64)[0] >> 1)


@dataclass(frozen=True)
class Batch:
    """Faces as a step takes them, their indices, and the seed that changed them."""

    chosen: np.ndarray
    seed: int
    faces: Tensor


def _batches(
    sampler: PKSampler, pixels: Tensor, stage: Stage, config: TrainConfig, position: Position, ranks: Ranks
) -> Iterator[Callable[[], Batch]]:
    """What makes each of the batches that are left of the position's epoch: of each, the part of this rank, which holds
    some faces of every character."""

    def make(drawn: np.ndarray, step: int) -> Batch:
        chosen = stage.faces[drawn[ranks.rank :: ranks.size]]
        seed = seed_of(config, stage.number, step, *seed_numbers(ranks))
        generator = torch.Generator().manual_seed(seed)
        return Batch(chosen, seed, augment(pixels[chosen], AUGMENTS[config.augment], generator))

    rest = islice(sampler.epoch(position.epoch), position.batch, None)
    for step, drawn in enumerate(rest, position.step):
        yield partial(make, drawn, step)


def _ahead(tasks: Iterator[Callable[[], Batch]]) -> Iterator[Batch]:
    """What the tasks make, in their order, each made by another thread while the one before is in use."""
    with ThreadPoolExecutor(1, "batches", torch.set_num_threads, (1,)) as pool:
        waiting: deque[Future[Batch]] = deque()
        for task in tasks:
            waiting.append(pool.submit(task))
            if len(waiting) > 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def fit(
    learner: Learner,
    pixels: Tensor,
    targets: np.ndarray,
    stage: Stage,
    config: TrainConfig,
    position: Position,
    *,
    after_step: Callable[[StepFigures], None],
    after_epoch: Callable[[dict[str, Any]], bool],
) -> None:
    """Train from `position` to the end of the stage on uint8 pixels (n, 3, s, s) and int64 targets (n,).

    after_step may raise (Cancelled); learner and position then fit each other and can be saved. after_epoch gets the
    epoch's mean figures and says whether to stop early.
    """
    sampler = make_sampler(stage, targets, config)
    total = stage.epochs * len(sampler)
    while position.epoch < stage.epochs and not position.stopped:
        for batch in _ahead(_batches(sampler, pixels, stage, config, position, learner.ranks)):
            torch.manual_seed(batch.seed)  # for networks that drop features at random
            rate = stage.peak * rate_factor(config, position.step, total, len(sampler))
            frozen = position.epoch < stage.frozen_epochs
            figures = learner.step(batch.faces, torch.from_numpy(targets[batch.chosen]), rate, frozen=frozen)
            position.batch += 1
            position.step += 1
            position.rows.append(asdict(figures))
            after_step(figures)
        mean = {key: float(np.mean([row[key] for row in position.rows])) for key in position.rows[0]}
        stop = after_epoch({"stage": stage.name, "epoch": position.epoch + 1, "step": position.step, **mean})
        position.epoch, position.batch, position.rows, position.stopped = position.epoch + 1, 0, [], stop
