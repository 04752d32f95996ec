"""How far long work has come: a value, and a reporter that knows no screen.

A reporter is any callable that takes a Progress. It may raise errors.Cancelled, and so stops the work
at a place where everything done so far is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """n of total done in a stage. `seconds` since the stage began; `data` for what a screen may draw."""

    stage: str
    n: int
    total: int | None = None
    seconds: float = 0.0
    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def fraction(self) -> float:
        """0 to 1; 0 where the total is unknown."""
        return min(self.n / self.total, 1.0) if self.total else 0.0

    @property
    def rate(self) -> float:
        """Per second, 0 at the start."""
        return self.n / self.seconds if self.seconds > 0 else 0.0

    @property
    def eta(self) -> float | None:
        """Seconds to go, or None where it cannot be told."""
        if not self.total or self.rate == 0:
            return None
        return max(self.total - self.n, 0) / self.rate


Reporter = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """The reporter that tells nobody."""


def track(items: Iterable[T], report: Reporter, stage: str, total: int | None = None) -> Iterator[T]:
    """Yield the items and report after each, with the time since the first."""
    if total is None and isinstance(items, Sized):
        total = len(items)
    start = time.monotonic()
    report(Progress(stage, 0, total))
    for n, item in enumerate(items, 1):
        yield item
        report(Progress(stage, n, total, time.monotonic() - start))
