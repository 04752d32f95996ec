"""Figures of pairs of faces with their intervals: equal error rate, accepted pairs, and the ROC as points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core.similarity import metrics
from core.similarity.bootstrap import Figure

PAIR_DRAWS, PAIR_FACES = 60, 300
"""Draws, and faces in each at most: the number of pairs grows with the square."""


def pair_figures(queries: np.ndarray, names: np.ndarray) -> list[Figure]:
    """Of pairs of unit queries (q, d): equal error rate, genuine pairs accepted where 1 % of others are."""
    genuine, impostor = metrics.pair_scores(metrics.cosine(queries, queries), names)
    if not len(genuine) or not len(impostor):
        return []
    kinds: tuple[tuple[str, Callable[[np.ndarray, np.ndarray], float]], ...] = (
        ("equal error rate of pairs", metrics.eer),
        ("pairs accepted where 1% of others are", lambda g, i: metrics.tar_at_far(g, i, 0.01)),
    )
    intervals = _pair_intervals(queries, names, [figure for _, figure in kinds])
    n = len(genuine) + len(impostor)
    return [
        Figure(name, figure(genuine, impostor), *interval, n)
        for (name, figure), interval in zip(kinds, intervals, strict=True)
    ]


def _pair_intervals(
    queries: np.ndarray, names: np.ndarray, figures: Sequence[Callable[[np.ndarray, np.ndarray], float]]
) -> list[tuple[float, float]]:
    """Intervals of figures of pairs: characters are drawn with all their faces; one drawn twice counts as two."""
    rng, distinct = np.random.default_rng(0), np.unique(names)
    members = [np.flatnonzero(names == name) for name in distinct]
    most = max(PAIR_FACES // len(distinct), 2)
    values: list[list[float]] = [[] for _ in figures]
    for _ in range(PAIR_DRAWS):
        drawn = [rng.permutation(members[i])[:most] for i in rng.integers(len(distinct), size=len(distinct))]
        rows = np.concatenate(drawn)
        labels = np.repeat(names[[own[0] for own in drawn]], [len(own) for own in drawn])
        once = np.unique(rows, return_index=True)[1]  # a face is no pair with itself
        vectors = queries[rows[once]]
        genuine, impostor = metrics.pair_scores(metrics.cosine(vectors, vectors), labels[once])
        if len(genuine) and len(impostor):
            for found, figure in zip(values, figures, strict=True):
                found.append(figure(genuine, impostor))
    nothing = (float("nan"), float("nan"))
    return [
        (float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))) if found else nothing for found in values
    ]


def roc_points(queries: np.ndarray, names: np.ndarray, points: int = 200) -> tuple[tuple[float, float], ...]:
    """The curve at rates spread evenly by their logarithm."""
    genuine, impostor = metrics.pair_scores(metrics.cosine(queries, queries), names)
    if not len(genuine) or not len(impostor):
        return ()
    curve = metrics.roc(genuine, impostor)
    wanted = np.geomspace(1e-4, 1, points)
    at = np.searchsorted(curve.far, wanted, side="right") - 1
    return tuple((float(far), float(curve.tar[i])) for far, i in zip(wanted, at, strict=True))
