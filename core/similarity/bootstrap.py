"""Figures with intervals by resampling: groups of rows are drawn anew, because rows of one group are alike.

The cluster bootstrap (Davison and Hinkley 1997, section 3.8). Of faces the group is the character.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

DRAWS = 500


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval, and the number of faces or pairs that it rests on."""

    name: str
    value: float
    low: float
    high: float
    n: int


def bootstrap(groups: np.ndarray, figure: Callable[[np.ndarray], float], draws: int = DRAWS) -> tuple[float, float]:
    """95 % interval of figure(weights): each draw gives every row the number of times that its group was drawn."""
    names, number = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        return float("nan"), float("nan")
    rng = np.random.default_rng(0)
    values = []
    for _ in range(draws):
        times = np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))
        values.append(figure(times[number].astype(float)))
    finite = np.array([v for v in values if np.isfinite(v)])
    if not len(finite):
        return float("nan"), float("nan")
    low, high = np.quantile(finite, (0.025, 0.975))
    return float(low), float(high)


def weighted_mean(values: np.ndarray, weights: np.ndarray) -> float:
    """The mean of values (n,) by weights (n,); nan where these add up to nothing."""
    total = weights.sum()
    return float(np.dot(values.astype(float), weights) / total) if total > 0 else float("nan")


def figure_of(name: str, groups: np.ndarray, figure: Callable[[np.ndarray], float]) -> Figure:
    """A figure of rows and its interval; figure: from weights (n,) to a number."""
    low, high = bootstrap(groups, figure)
    return Figure(name, figure(np.ones(len(groups))), low, high, len(groups))
