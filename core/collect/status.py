"""How a collection stands: per source and per character, as values that a page and the command line show alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from core.collect.intake import DUPLICATE, FAILED, KEPT, REFUSED, Outcome
from core.collect.listing import LeftOut


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source in one run. state: waiting, searching, fetching, done, not needed, nothing, failed or given up."""

    name: str
    state: str = "waiting"
    message: str = ""
    found: int = 0
    kept: int = 0
    duplicates: int = 0
    refused: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class CharacterStatus:
    """Have and need of one character, and what was said on the way."""

    name: str
    have: int
    wanted: int
    messages: tuple[str, ...] = ()

    @property
    def need(self) -> int:
        return max(self.wanted - self.have, 0)


@dataclass(frozen=True, slots=True)
class CollectReport:
    """What a run brought. `reasons` counts every reason why something was not kept."""

    characters: tuple[CharacterStatus, ...] = ()
    sources: tuple[SourceStatus, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    left_out: tuple[LeftOut, ...] = ()
    """Files of an import that are no pictures, and why."""
    notes: tuple[str, ...] = ()
    """What was taken for granted about a folder's layout, and what was passed over."""

    @property
    def kept(self) -> int:
        return sum(s.kept for s in self.sources)

    @property
    def complete(self) -> bool:
        """Whether every character has what was wanted."""
        return all(c.need == 0 for c in self.characters)

    def as_json(self) -> dict[str, Any]:
        """The document that `--json` prints."""
        return {
            "kept": self.kept,
            "duplicates": sum(s.duplicates for s in self.sources),
            "refused": sum(s.refused for s in self.sources),
            "failed": sum(s.failed for s in self.sources),
            "seconds": round(self.seconds, 2),
            "pictures_per_second": round(self.kept / self.seconds, 2) if self.seconds else 0.0,
            "characters": [asdict(c) | {"need": c.need} for c in self.characters],
            "sources": [asdict(s) for s in self.sources],
            "reasons": self.reasons,
            "left_out": [asdict(one) for one in self.left_out],
            "notes": list(self.notes),
        }


class Tally:
    """Counts outcomes while a run goes on."""

    def __init__(self, sources: list[str]):
        self._state = dict.fromkeys(sources, ("waiting", ""))
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in sources}
        self.reasons: Counter[str] = Counter()
        self.troubles: Counter[str] = Counter()

    def say(self, source: str, state: str, message: str = "") -> None:
        """A source is now in a state; an old message stays where no new one is given."""
        self._state[source] = (state, message or self._state[source][1])

    def found(self, source: str) -> None:
        self._counts[source]["found"] += 1

    def count(self, source: str, outcome: Outcome) -> None:
        """Count one outcome and its reason; one that took another's place is one more duplicate, not one more kept."""
        replaced = outcome.outcome == KEPT and outcome.repeats is not None
        self._counts[source][DUPLICATE if replaced else outcome.outcome] += 1
        if replaced:
            self.reasons["duplicate: larger than the one kept so far"] += 1
        elif outcome.outcome != KEPT and outcome.reason:
            self.reasons[kind_of(outcome)] += 1

    def sources(self) -> tuple[SourceStatus, ...]:
        """All sources as they stand."""
        return tuple(
            SourceStatus(name, *self._state[name], n["found"], n[KEPT], n[DUPLICATE], n[REFUSED], n[FAILED])
            for name, n in self._counts.items()
        )


def kind_of(outcome: Outcome) -> str:
    """The reason without its particulars, so that like ones can be counted.

    The part before the first `:` or `(`; for a duplicate whether it is the same file or looks alike.
    """
    if outcome.outcome == DUPLICATE:
        return "duplicate: the same file" if outcome.reason.startswith("the same") else "duplicate: looks alike"
    return outcome.reason.split(" (")[0].split(": ")[0].strip()
