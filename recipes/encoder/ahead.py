"""The next batches, prepared while this one is learned from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

import torch

from recipes.encoder.pretrain_config import PretrainConfig

T = TypeVar("T")


class Ahead(Generic[T]):
    """Asks `prepare` for the steps to come, each in a thread; what a step gets depends on its number alone."""

    def __init__(self, prepare: Callable[[int, int], T], config: PretrainConfig):
        self.prepare, self.count = prepare, config.ahead
        self.pool = ThreadPoolExecutor(max(self.count, 1), "batches", torch.set_num_threads, (1,))
        self.waiting: dict[tuple[int, int], Future[T]] = {}

    def take(self, step: int, size: int) -> T:
        """What was prepared for a step at a size; the following steps are begun."""
        if not self.count:
            return self.prepare(step, size)
        for later in range(step, step + self.count + 1):
            if (later, size) not in self.waiting:
                self.waiting[later, size] = self.pool.submit(self.prepare, later, size)
        found = self.waiting.pop((step, size)).result()
        self.waiting = {key: job for key, job in self.waiting.items() if key[0] > step and key[1] == size}
        return found

    def forget(self) -> None:
        """Drop what is prepared: something that it depends on changes now."""
        waiting, self.waiting = self.waiting, {}
        for job in waiting.values():
            if not job.cancel():
                job.exception()
