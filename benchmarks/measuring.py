"""How the benchmarks measure: candidates take turns, A B A B, each warmed up; what counts is the ratio of medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Work = Callable[[], object]


@dataclass(frozen=True)
class Bar:
    """What is asked for: ours at most `times` as long as the baseline (under 1: faster)."""

    baseline: str
    times: float

    def words(self) -> str:
        """For the table."""
        return (
            f"at most {self.times:g} x {self.baseline}" if self.times >= 1 else f"{1 / self.times:g} x {self.baseline}"
        )


@dataclass(frozen=True)
class Turns:
    """What each candidate took in each of its runs: seconds by the clock, and of the processor, all threads together.

    On a machine that others use too the clock tells who was let run; the processor's seconds tell who did more.
    """

    clock: Mapping[str, list[float]]
    processor: Mapping[str, list[float]]


@dataclass(frozen=True)
class Row:
    """One line of the table: what was done, in how much work, the seconds of each candidate, and the bars.

    turns: each candidate's runs; `ours` among them. amounts: how much of the work a candidate did, where that is not
    `amount` (a slow one does less of it). left_out: candidates that could not be had, with the reason.
    """

    name: str
    amount: int
    unit: str
    turns: Turns
    bars: tuple[Bar, ...] = ()
    amounts: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)

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

    def as_dict(self) -> dict[str, object]:
        """The JSON form."""
        return {
            "row": self.name,
            "amount": self.amount,
            "unit": self.unit,
            "seconds_each": {name: self.each(name) for name in self.turns.clock},
            "clock": {name: list(values) for name, values in self.turns.clock.items()},
            "processor": {name: list(values) for name, values in self.turns.processor.items()},
            "ratio": {name: self.ratio(name) for name in self.baselines},
            "processor_ratio": {name: self.ratio(name, processor=True) for name in self.baselines},
            "bars": [
                {"baseline": bar.baseline, "at_most": bar.times, "met": self.ratio(bar.baseline) <= bar.times}
                for bar in self.bars
                if bar.baseline in self.baselines
            ],
            "left_out": dict(self.left_out),
        }


def in_turns(candidates: Mapping[str, Work], *, runs: int = 5, warm: int = 1) -> Turns:
    """Each candidate's runs: all once, all once more, and so on, so that a busy moment meets all alike."""
    for work in candidates.values():
        for _ in range(warm):
            work()
    turns = Turns({name: [] for name in candidates}, {name: [] for name in candidates})
    for _ in range(runs):
        for name, work in candidates.items():
            start, used = time.perf_counter(), time.process_time()
            work()
            turns.clock[name].append(time.perf_counter() - start)
            turns.processor[name].append(time.process_time() - used)
    return turns


def markdown(rows: list[Row]) -> str:
    """The table of ratios."""
    lines = [
        "| row | ours | candidate | ours takes | of the processor | bar | met |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        ours = f"{1 / row.each('ours'):.1f} {row.unit}/s"
        for name in row.baselines:
            bars = [bar for bar in row.bars if bar.baseline == name]
            asked = ", ".join(bar.words() for bar in bars)
            met = "".join("yes" if row.ratio(name) <= bar.times else "NO" for bar in bars)
            both = f"{row.ratio(name):.2f} x | {row.ratio(name, processor=True):.2f} x"
            lines.append(f"| {row.name} | {ours} | {name} | {both} | {asked} | {met} |")
        lines += [f"| {row.name} | {ours} | {name} | left out: {why} | | | |" for name, why in row.left_out.items()]
    return "\n".join(lines)
