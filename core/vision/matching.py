"""Which found boxes are true faces: recall and precision of a detector against boxes drawn by eye.

Each true face is given to at most one found box, best score first; what is left over on either side is a miss or
a false alarm. Two rules of a hit are in use: `IOU50` and `CENTRED`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.imaging.boxes import Box, Detection

Rule = Callable[[Box, Box], bool]


def iou50(found: Box, truth: Box) -> bool:
    """Intersection over union at least 0.5."""
    return found.iou(truth) >= 0.5


def centred(found: Box, truth: Box) -> bool:
    """The found box's centre lies in the true one and the two share at least a quarter (IoU 0.25)."""
    return truth.contains(*found.centre) and found.iou(truth) >= 0.25


RULES: dict[str, Rule] = {"IoU 0.5": iou50, "centred": centred}


def assign(found: Sequence[Detection], truth: Sequence[Box], rule: Rule) -> list[int]:
    """For each found box the index of the true face that it is given, or -1.

    Best score first; each takes the free true face of the largest IoU among those that the rule accepts.

    >>> assign([Detection(Box(0, 0, 10, 10), 0.9), Detection(Box(1, 0, 10, 10), 0.8)], [Box(0, 0, 10, 10)], iou50)
    [0, -1]
    """
    result = [-1] * len(found)
    free = set(range(len(truth)))
    for i in sorted(range(len(found)), key=lambda i: -found[i].score):
        fitting = [t for t in free if rule(found[i].box, truth[t])]
        if fitting:
            result[i] = max(fitting, key=lambda t: found[i].box.iou(truth[t]))
            free.remove(result[i])
    return result


@dataclass(frozen=True)
class Matches:
    """All found boxes of a set of pictures, judged: `scores` float (n,), `hits` bool (n,), `faces` true ones in all."""

    scores: np.ndarray
    hits: np.ndarray
    faces: int

    def __post_init__(self) -> None:
        if len(self.scores) != len(self.hits):
            raise ValueError(f"Scores and hits go together, got {len(self.scores)} and {len(self.hits)}.")

    def at(self, score: float) -> Measure:
        """Recall and precision of the boxes with at least this score."""
        kept = self.scores >= score
        return Measure(int(self.hits[kept].sum()), int(kept.sum()), self.faces)

    def operating_point(self, precision: float = 0.95) -> float:
        """The lowest score at which the boxes kept reach this precision; infinity where none does."""
        order = np.argsort(-self.scores, kind="stable")
        share = np.cumsum(self.hits[order]) / np.arange(1, len(order) + 1)
        # Equal scores are kept or dropped together: only the last of a tie counts.
        last = np.append(np.diff(self.scores[order]) != 0, True) if len(order) else np.zeros(0, bool)
        good = np.flatnonzero(last & (share >= precision))
        return float(self.scores[order][good[-1]]) if len(good) else float("inf")


@dataclass(frozen=True)
class Measure:
    """Counts at one operating point, and the three ratios made of them."""

    hits: int
    found: int
    faces: int

    @property
    def recall(self) -> float:
        """hits / faces."""
        return self.hits / self.faces if self.faces else 0.0

    @property
    def precision(self) -> float:
        """hits / found; 1 where nothing was found."""
        return self.hits / self.found if self.found else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision, 2 * hits / (found + faces)."""
        return 2 * self.hits / (self.found + self.faces) if self.found + self.faces else 0.0


def match_detections(found: Sequence[Sequence[Detection]], truth: Sequence[Sequence[Box]], rule: Rule) -> Matches:
    """Judge the boxes of many pictures; found and truth run in the same order."""
    if len(found) != len(truth):
        raise ValueError(f"Found and true boxes are of the same pictures, got {len(found)} and {len(truth)}.")
    scores: list[float] = []
    hits: list[bool] = []
    for boxes, faces in zip(found, truth, strict=True):
        scores += [d.score for d in boxes]
        hits += [index >= 0 for index in assign(boxes, faces, rule)]
    return Matches(np.array(scores, dtype=np.float64), np.array(hits, dtype=bool), sum(map(len, truth)))
