"""Workers on Ray that each hold something dear (models) and get a shard of the work at a time.

A worker that dies is replaced, and its shards are given to another; where its node is gone with it, the new worker
waits for a core, and the others do its work meanwhile. Few shards wait for each worker, and a new one is taken from the
list only when there is room, so that neither a long list nor a slow reader of the answers fills memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from core.errors import DataError
from core.settings import ROOT

AHEAD = 2
"""Shards that are given to each worker at a time: one to work on, one so that it need not wait."""
TRIES = 3
"""Workers that a shard may end before it is given up."""
WAIT = 1.0
"""Seconds after which the caller hears that there is no answer yet."""

Shard = tuple[int, tuple[Any, ...]]
"""A number, and what `work` of a worker is called with."""


class Workers:
    """Actors of one class, and what each one is working on. `again`: how often a shard was given to another worker."""

    def __init__(self, actor: type, arguments: tuple[Any, ...], count: int, name: Callable[[tuple[Any, ...]], str]):
        """actor(*arguments) has a method `work`; name: a shard's words in an error. Starts Ray where it does not run.

        Raises DataError where Ray cannot be had, or has no core for each worker.
        """
        self.ray = started(count)
        there = int(self.ray.cluster_resources().get("CPU", 0))
        if there < count:
            raise DataError(f"Ray has {there} cores here, {count} workers need one each. Take at most {there} workers.")
        options = {"max_restarts": 0, "num_cpus": 1, "num_gpus": self._gpus(count)}
        self.start: Callable[[], Any] = lambda: self.ray.remote(**options)(actor).remote(*arguments)
        self.name = name
        self.actors = [self.start() for _ in range(count)]
        self.pending: dict[Any, tuple[int, Shard]] = {}
        self.coming: dict[Any, int] = {}  # the answer that a new worker is there, and its place
        self.tries: dict[int, int] = {}
        self.again = self.failed = 0

    def work(self, shards: Iterator[Shard]) -> Iterator[tuple[int, Any] | None]:
        """Number and answer of every shard, as they are done; None after each second without an answer.

        Raises DataError where the worker of one shard dies three times, and what `work` itself raises.
        """
        lost: list[Shard] = []
        errors = self.ray.exceptions
        while self._fill(shards, lost) or lost or self.pending:
            ready, _ = self.ray.wait([*self.pending, *self.coming], num_returns=1, timeout=WAIT)
            if not ready:
                yield None
            for answer in ready:
                if answer in self.coming:
                    self._arrived(answer)
                    continue
                place, shard = self.pending.pop(answer)
                try:
                    found = self.ray.get(answer)
                except (errors.RayActorError, errors.OutOfMemoryError, errors.ObjectLostError) as error:
                    lost += self._replace(place, shard, error)
                    continue
                except self.ray.exceptions.RayTaskError as error:
                    raise error.cause from error
                yield shard[0], found

    def close(self) -> None:
        """End the workers; what they are working on is dropped."""
        for actor in self.actors:
            self.ray.kill(actor)

    def _fill(self, shards: Iterator[Shard], lost: list[Shard]) -> bool:
        """Give every worker that is there what it has room for, lost shards first; whether anything was given."""
        given = False
        for _ in range(AHEAD):
            for place, actor in enumerate(self.actors):
                if place in self.coming.values() or sum(at == place for at, _ in self.pending.values()) >= AHEAD:
                    continue
                shard = lost.pop(0) if lost else next(shards, None)
                if shard is None:
                    return given
                self.pending[actor.work.remote(*shard[1])] = place, shard
                given = True
        return given

    def _replace(self, place: int, shard: Shard, error: Exception) -> list[Shard]:
        """A new worker in that place; the shards that the dead one had, the one it died of first."""
        number, arguments = shard
        self.tries[number] = self.tries.get(number, 0) + 1
        if self.tries[number] >= TRIES:
            raise DataError(
                f"The worker died {TRIES} times on {self.name(arguments)} ({error}). Take smaller shards where memory "
                "ran out; else leave these pictures out."
            ) from error
        others = [key for key, (at, _) in self.pending.items() if at == place]
        shards = [shard, *(self.pending.pop(key)[1] for key in others)]
        self.again += len(shards)
        self.ray.kill(self.actors[place])  # an answer that was lost with another node leaves it alive
        self._start_again(place)
        return shards

    def _start_again(self, place: int) -> None:
        self.actors[place] = self.start()
        self.coming[self.actors[place].__ray_ready__.remote()] = place

    def _arrived(self, answer: Any) -> None:
        """A new worker is there, or could not be had: then another one is started."""
        place = self.coming.pop(answer)
        try:
            self.ray.get(answer)
        except (self.ray.exceptions.RayActorError, self.ray.exceptions.OutOfMemoryError) as error:
            self.failed += 1
            if self.failed >= TRIES:
                raise DataError(f"No new worker can be started in place of a dead one ({error}).") from error
            self._start_again(place)

    def _gpus(self, count: int) -> float:
        """The share of a GPU that each worker gets, 0 where the cluster has none."""
        there = float(self.ray.cluster_resources().get("GPU", 0))
        share = min(there / count, 1.0)
        return share if share == 1 else int(share * 100) / 100


def is_installed() -> bool:
    """Whether several workers can be had at all."""
    return find_spec("ray") is not None


def started(workers: int) -> Any:
    """Ray, connected to RAY_ADDRESS, or else to a cluster of this machine with a core for each worker.

    Raises DataError where it is not installed or cannot be reached.
    """
    try:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        import ray
    except ImportError as error:
        raise DataError("Several workers need more packages: pip install -r requirements-scale.txt") from error
    if ray.is_initialized():
        return ray
    address = os.environ.get("RAY_ADDRESS")
    own: dict[str, Any] = {}
    if not address:
        paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))  # where the workers find this package
        own = {"num_cpus": workers, "include_dashboard": False, "object_store_memory": 200_000_000}
    try:
        ray.init(address=address or "local", log_to_driver=False, configure_logging=False, **own)
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        where = f"the Ray cluster at {address} (RAY_ADDRESS)" if address else "Ray on this machine"
        raise DataError(f"{where[0].upper()}{where[1:]} cannot be used: {error}") from error
    return ray
