"""Requests that arrive together are answered together: one worker, which takes what is waiting as one batch."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Full(Exception):
    """More is waiting than the server takes on; the client tries again later."""


class Batcher(Generic[Item, Result]):
    """Calls `work(items) -> results` with up to `size` items at a time, in the order they came in.

    Where a batch fails each of its items is tried alone, so that one bad item spoils no other's answer. `waiting` items
    may wait at most; `submit` raises Full beyond. `close` answers what waits, then ends the worker.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Result]], *, size: int = 16, waiting: int = 64):
        self._work, self._size = work, size
        self._queue: queue.Queue[tuple[Item, Future[Result]] | None] = queue.Queue(waiting)
        self._thread = threading.Thread(target=self._run, name="batcher", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> Future[Result]:
        """The answer to come. Raises Full where too many wait."""
        future: Future[Result] = Future()
        try:
            self._queue.put_nowait((item, future))
        except queue.Full:
            raise Full from None
        return future

    def close(self) -> None:
        """Answer what waits, then stop."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        ending = False
        while not ending:
            first = self._queue.get()
            if first is None:
                return
            batch = [first]
            while len(batch) < self._size:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    ending = True
                    break
                batch.append(following)
            self._answer(batch)

    def _answer(self, batch: list[tuple[Item, Future[Result]]]) -> None:
        try:
            results = self._work([item for item, _ in batch])
        except BaseException as error:
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for one in batch:
                self._answer([one])
            return
        for (_, future), result in zip(batch, results, strict=True):
            future.set_result(result)
