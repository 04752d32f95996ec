"""A timeline as lanes: one for each character, with a bar for each appearance, then who is unsure and who is unknown;
of the unknown, those first who look like somebody of the shipped cast, each of these with a lane of its own.

Pure: values in, values out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.recognise.shipped_cast import Likeness
from core.recognise.timeline import Appearance, Timeline
from core.recognise.verdict import MATCH, UNKNOWN

NARROWEST = 0.4
"""Percent of the width that a bar has at least, so that a short appearance is seen and can be clicked."""
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
"""Seconds between two marks of the scale."""
MARKS = 8
"""Marks of the scale, at most."""


@dataclass(frozen=True, slots=True)
class Bar:
    """An appearance by its number; left edge and width in percent of the video."""

    number: int
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Lane:
    """A character, or all that are unsure or unknown. seconds: of all its bars; best: the number of the appearance
    whose face is shown; like: the one of the shipped cast that all of these unknown faces look like."""

    name: str
    verdict: str
    seconds: float
    best: int
    bars: tuple[Bar, ...]
    like: Likeness | None = None


def lanes(timeline: Timeline) -> list[Lane]:
    """The lanes: characters by their seconds, the longest first; the unsure and the unknown last."""
    own: dict[tuple[str, tuple[str, str] | None], list[int]] = {}
    for number, one in enumerate(timeline.appearances):
        own.setdefault((one.answer.verdict, one.whom), []).append(number)
    found = [_lane(whom[1] if whom else "", verdict, numbers, timeline) for (verdict, whom), numbers in own.items()]
    return sorted(found, key=_place)


def marks(seconds: float) -> list[tuple[float, str]]:
    """The scale: places in percent, and the times there.

    >>> marks(12)
    [(0.0, '0:00'), (16.666666666666668, '0:02'), (33.333333333333336, '0:04'), (50.0, '0:06'), (66.66666666666667, '0:08'), (83.33333333333333, '0:10')]
    """  # noqa: E501
    step = next((step for step in STEPS if seconds / step <= MARKS), STEPS[-1])
    return [(100 * at / seconds, stamp(at)) for at in range(0, math.ceil(seconds), step) if at / seconds < 0.97]


def stamp(seconds: float) -> str:
    """
    >>> stamp(65.6), stamp(3725)
    ('1:05', '1:02:05')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def span(one: Appearance) -> str:
    """From when to when, in words."""
    return f"{stamp(one.start)}–{stamp(one.end)}" if stamp(one.start) != stamp(one.end) else stamp(one.start)


def _place(lane: Lane) -> tuple[bool, bool, bool, float, str]:
    """Where a lane stands: the smallest first."""
    unknown = lane.verdict == UNKNOWN
    return lane.verdict != MATCH, unknown, unknown and lane.like is None, -lane.seconds, lane.name


def _lane(name: str, verdict: str, numbers: Sequence[int], timeline: Timeline) -> Lane:
    told, whole = timeline.appearances, max(timeline.seconds, 1e-9)
    bars = []
    for number in numbers:
        left, width = 100 * told[number].start / whole, 100 * (told[number].end - told[number].start) / whole
        width = max(width, NARROWEST)
        bars.append(Bar(number, min(left, 100 - width), width))
    best = max(numbers, key=lambda number: told[number].similarity)
    seconds = sum(told[number].end - told[number].start for number in numbers)
    return Lane(name or verdict, verdict, seconds, best, tuple(bars), told[best].answer.looks_like)
