"""How the benchmarks measure: candidates take turns, A B A B, each warmed up; what counts is the ratio of medians.

Whatever a benchmark finds is a Result: lines of the one table, and a JSON form. A Row compares candidates, a Figure is
one number with its bar, a Growth says how time grows with the amount.
"""

from __future__ import annotations

import math
import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Work = Callable[[], object]

HEAD = "| row | ours | candidate | ours takes | of the processor | bar | met |\n|---|---|---|---|---|---|---|"
STEEPEST = 1.1
"""The largest exponent by which time may grow with the amount."""


class Result(Protocol):
    """What a benchmark found."""

    @property
    def name(self) -> str:
        """What was measured."""

    def lines(self) -> list[str]:
        """Its lines of the table."""

    def as_dict(self) -> dict[str, object]:
        """The JSON form."""


@dataclass(frozen=True)
class Bar:
    """What is asked for: all of ours takes at most `times` as long as the baseline (under 1: faster) and `seconds`."""

    baseline: str
    times: float
    seconds: float = 0.0

    def words(self) -> str:
        """For the table."""
        if self.seconds:
            return f"at most {self.seconds:g} s more than {self.baseline}"
        if self.times >= 1:
            return f"at most {self.times:g} x {self.baseline}"
        return f"{1 / self.times:.3g} x {self.baseline}"


@dataclass(frozen=True)
class Turns:
    """What each candidate took in each of its runs: seconds by the clock, and of the processor, all threads together
    and the processes that ended meanwhile.

    On a machine that others use too the clock tells who was let run; the processor's seconds tell who did more.
    """

    clock: Mapping[str, list[float]]
    processor: Mapping[str, list[float]]


@dataclass(frozen=True)
class Row:
    """What was done, in how much work, the seconds of each candidate, and the bars.

    turns: each candidate's runs; `ours` among them. amounts: how much of the work a candidate did, where that is not
    `amount` (a slow one does less of it). left_out: candidates that could not be had, with the reason. note: what else
    has to be known of the row.
    """

    name: str
    amount: float
    unit: str
    turns: Turns
    bars: tuple[Bar, ...] = ()
    amounts: Mapping[str, float] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def baselines(self) -> list[str]:
        """All candidates but ours."""
        return [name for name in self.turns.clock if name != "ours"]

    def each(self, candidate: str, *, processor: bool = False) -> float:
        """Median seconds for one unit of the work."""
        runs = self.turns.processor if processor else self.turns.clock
        return statistics.median(runs[candidate]) / self.amounts.get(candidate, self.amount)

    def ratio(self, baseline: str, *, processor: bool = False) -> float:
        """Ours over the baseline's: under 1 is faster."""
        return self.each("ours", processor=processor) / max(self.each(baseline, processor=processor), 1e-9)

    def met(self, bar: Bar) -> bool:
        """Whether ours is as fast as the bar asks."""
        allowed = bar.times * self.each(bar.baseline) + bar.seconds / self.amount
        return self.each("ours") <= allowed

    def lines(self) -> list[str]:
        """A line for each candidate, or one for ours alone."""
        ours, found = f"{self.name} | {self._pace()}", []
        for name in self.baselines:
            bars = [bar for bar in self.bars if bar.baseline == name]
            asked, met = ", ".join(bar.words() for bar in bars), " ".join(yes(self.met(bar)) for bar in bars)
            both = f"{self.ratio(name):.2f} x | {self.ratio(name, processor=True):.2f} x"
            found.append(f"| {ours} | {name} | {both} | {asked} | {met} |")
        found += [f"| {ours} | {name} | left out: {why} | | | |" for name, why in self.left_out.items()]
        return found or [f"| {ours} | | | | | |"]

    def _pace(self) -> str:
        each = self.each("ours")
        pace = f"{1 / each:.1f} {self.unit}/s" if each < 1 else f"{each:.1f} s"
        return f"{pace}; {self.note}" if self.note else pace

    def as_dict(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "row": self.name,
            "amount": self.amount,
            "unit": self.unit,
            "note": self.note,
            "seconds_each": {name: self.each(name) for name in self.turns.clock},
            "clock": {name: list(values) for name, values in self.turns.clock.items()},
            "processor": {name: list(values) for name, values in self.turns.processor.items()},
            "ratio": {name: self.ratio(name) for name in self.baselines},
            "processor_ratio": {name: self.ratio(name, processor=True) for name in self.baselines},
            "bars": [
                {"baseline": bar.baseline, "at_most": bar.times, "seconds_more": bar.seconds, "met": self.met(bar)}
                for bar in self.bars
                if bar.baseline in self.baselines
            ],
            "left_out": dict(self.left_out),
        }


@dataclass(frozen=True)
class Figure:
    """One number and what it may be at most (None: it is only told). left_out: why there is none."""

    name: str
    value: float = math.nan
    unit: str = ""
    at_most: float | None = None
    left_out: str = ""

    def lines(self) -> list[str]:
        """One line."""
        if self.left_out:
            return [f"| {self.name} | left out: {self.left_out} | | | | | |"]
        bar = "" if self.at_most is None else f"at most {self.at_most:g} {self.unit}"
        met = "" if self.at_most is None else yes(self.value <= self.at_most)
        return [f"| {self.name} | {self.value:.3g} {self.unit} | | | | {bar} | {met} |"]

    def as_dict(self) -> dict[str, object]:
        """The JSON form."""
        value = None if math.isnan(self.value) else self.value
        about = {"row": self.name, "value": value, "unit": self.unit, "at_most": self.at_most}
        return about | {"left_out": self.left_out}


@dataclass(frozen=True)
class Growth:
    """How long something takes for several amounts, in seconds of the processor, and the exponent of its growth."""

    name: str
    amounts: tuple[int, ...]
    seconds: tuple[float, ...]
    unit: str = ""

    @property
    def exponent(self) -> float:
        """The slope between the smallest and the largest amount, both as logarithms: 1 is proportional."""
        return math.log(self.seconds[-1] / self.seconds[0]) / math.log(self.amounts[-1] / self.amounts[0])

    def lines(self) -> list[str]:
        """One line."""
        steps = ", ".join(f"{n:,}: {s:.3g} s" for n, s in zip(self.amounts, self.seconds, strict=True))
        met = yes(self.exponent <= STEEPEST)
        name = f"growth of {self.name}"
        return [f"| {name} | {steps} | {self.unit} | | exponent {self.exponent:.2f} | at most {STEEPEST} | {met} |"]

    def as_dict(self) -> dict[str, object]:
        """The JSON form."""
        about = {"row": f"growth of {self.name}", "amounts": list(self.amounts), "processor": list(self.seconds)}
        return about | {"exponent": self.exponent, "at_most": STEEPEST}


def yes(met: bool) -> str:
    """Whether a bar is met, for the table."""
    return "yes" if met else "NO"


def processor_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def in_turns(candidates: Mapping[str, Work], *, runs: int = 5, warm: int = 1) -> Turns:
    """Each candidate's runs: all once, all once more, and so on, so that a busy moment meets all alike."""
    for work in candidates.values():
        for _ in range(warm):
            work()
    turns = Turns({name: [] for name in candidates}, {name: [] for name in candidates})
    for _ in range(runs):
        for name, work in candidates.items():
            start, used = time.perf_counter(), processor_seconds()
            work()
            turns.clock[name].append(time.perf_counter() - start)
            turns.processor[name].append(processor_seconds() - used)
    return turns


def median_processor(work: Work, *, runs: int = 3, warm: int = 1) -> float:
    """Median seconds of the processor."""
    return statistics.median(in_turns({"ours": work}, runs=runs, warm=warm).processor["ours"])


def markdown(results: Sequence[Result]) -> str:
    """The table of ratios."""
    return "\n".join([HEAD, *(line for result in results for line in result.lines())])
