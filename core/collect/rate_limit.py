"""Politeness to a host: one request at a time, a pause in between, waiting when asked, giving up where it is down."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime


class Clock:
    """The real time; a test puts its own in its place. Waiting ends at once when `stop` is set."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def now(self) -> float:
        """Seconds that only go forward."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since 1970, for the dates that servers name."""
        return time.time()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.stop.wait(seconds)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How polite to be to each host. Seconds."""

    pause: float = 0.5
    """Between the beginnings of two requests."""
    attempts: int = 3
    """Tries of one address where the failure may pass (429, 5xx, time-out, lost connection)."""
    back_off: float = 1.0
    """Wait before the second try; doubled for each further one; jitter makes it 50 to 100 % of that."""
    longest_wait: float = 60.0
    """A host that asks for more (Retry-After) is left alone for the rest of the run."""
    most_failures: int = 8
    """So many failures in a row, and the host is left alone for the rest of the run."""
    longest_crawl_delay: float = 10.0
    """A Crawl-delay in robots.txt is kept up to this."""


class HostClosed(Exception):
    """The host is left alone for the rest of this run; the message is why."""


class _Host:
    def __init__(self, pause: float):
        self.lock = threading.Lock()
        self.pause, self.free_at, self.failures, self.closed = pause, 0.0, 0, ""


class HostThrottle:
    """One queue a host. Threads that want the same host wait for their turn; different hosts go side by side."""

    def __init__(
        self, rate_limit: RateLimit | None = None, clock: Clock | None = None, rng: Callable[[], float] = random.random
    ):
        self.rate_limit, self.clock, self.rng = rate_limit or RateLimit(), clock or Clock(), rng
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def slot(self, host: str) -> Iterator[None]:
        """Hold the host's turn, after the pause that it is owed. Raises HostClosed where it is left alone."""
        queue = self._host(host)
        with queue.lock:
            self._open(queue)
            wait = queue.free_at - self.clock.now()
            if wait > 0:
                self.clock.wait(wait)
            queue.free_at = self.clock.now() + queue.pause
            yield

    def slower(self, host: str, seconds: float) -> None:
        """Keep at least this pause between two requests, up to the longest delay that is granted."""
        queue = self._host(host)
        queue.pause = max(queue.pause, min(seconds, self.rate_limit.longest_crawl_delay))

    def answered(self, host: str) -> None:
        """The host answers; earlier failures are forgotten."""
        self._host(host).failures = 0

    def failed(self, host: str, attempt: int, retry_after: str = "") -> float:
        """Note a passing failure (attempt counts from 1) and keep the next one away; returns the wait in seconds.

        Raises HostClosed where the host asks for too long a wait or fails too often in a row.
        """
        queue = self._host(host)
        asked = seconds_asked(retry_after, self.clock.wall())
        if asked > self.rate_limit.longest_wait:
            queue.closed = f"{host} asks to be left alone for {asked:.0f} s; it is asked again in the next run"
        queue.failures += 1
        if not queue.closed and queue.failures >= self.rate_limit.most_failures:
            queue.closed = f"{host} failed {queue.failures} times in a row; it is asked again in the next run"
        self._open(queue)
        wait = max(asked, self.rate_limit.back_off * 2.0 ** (attempt - 1) * (0.5 + self.rng() / 2))
        queue.free_at = max(queue.free_at, self.clock.now() + wait)
        return wait

    def closed(self, host: str) -> str:
        """Why a host is left alone for this run; "" where it is not."""
        return self._host(host).closed

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host(self.rate_limit.pause))

    @staticmethod
    def _open(queue: _Host) -> None:
        if queue.closed:
            raise HostClosed(queue.closed)


def seconds_asked(retry_after: str, wall: float) -> float:
    """The wait a Retry-After header asks for, in seconds: a number or a date; 0 where it says nothing.

    >>> seconds_asked("120", 0)
    120.0
    """
    text = retry_after.strip()
    if text.isdigit():
        return float(text)
    if text:
        try:
            return max(parsedate_to_datetime(text).timestamp() - wall, 0.0)
        except (ValueError, TypeError):
            return 0.0
    return 0.0
