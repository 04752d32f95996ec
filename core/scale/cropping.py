"""The crop step with workers on Ray: they look at the pictures and cut the crops, this process enters what they saw.

What is entered, and how, is the step's own (core.crop.find_faces): the same states, the same history, the same files.
Only this process writes, so a shard whose worker died is looked at again and nothing is entered twice; a crop that was
stopped goes on with the pictures that are not entered yet.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from functools import partial

import cv2

from core.crop.eyes import Eyes, look_at, read_or_say
from core.crop.find_faces import Looker
from core.crop.looking import Looked
from core.scale.workers import Shard, Workers
from core.vision.runtimes import use_cores
from core.workspace.tables import Picture


def look_on_ray(workers: int) -> Looker:
    """A looker of so many workers, on this machine or where RAY_ADDRESS says.

    There every node must read the workspace's folder under the same path.
    """
    return partial(_looked, workers)


class Watcher:
    """An actor that holds the models of a crop."""

    def __init__(self, eyes: Eyes):
        use_cores(1)
        cv2.setNumThreads(1)
        self.eyes, self.look = eyes, eyes.open()

    def work(self, pictures: Sequence[Picture]) -> Looked:
        """Look at pictures."""
        return look_at(self.look, pictures, [read_or_say(self.eyes.path(picture)) for picture in pictures])


def _looked(workers: int, eyes: Eyes, batches: Iterator[list[Picture]]) -> Generator[Looked, None, None]:
    shards: Iterator[Shard] = ((number, (batch,)) for number, batch in enumerate(batches))
    with closing(Workers(Watcher, (eyes,), workers, _words)) as at_work:
        for answer in at_work.work(shards):
            yield Looked() if answer is None else answer[1]


def _words(given: tuple[Sequence[Picture]]) -> str:
    pictures = given[0]
    return f"the pictures from {pictures[0].path} to {pictures[-1].path}"
