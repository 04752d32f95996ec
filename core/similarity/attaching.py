"""Faces left over join a finished group, by a stricter test than the one that made it, and never each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.similarity.neighbours import Neighbours
from core.similarity.prototypes import l2_normalize

LEAD = 0.1
"""By how much the nearest group must lead the second."""
ROWS = 2048


def attach(
    vectors: np.ndarray,
    neighbours: Neighbours,
    group: np.ndarray,
    free: np.ndarray,
    *,
    weights: np.ndarray,
    pictures: np.ndarray,
    least: float,
) -> np.ndarray:
    """`group` int (n,), -1 for none, with the faces that are surely of a group added to it.

    Half the cosine to the group's centre and half that to its nearest face must reach `least` and lead the second group
    by LEAD. Only faces that are `free` (bool (n,)) are asked, all of them against the groups as they came, so that none
    is let in by one that was let in before; the surest goes first where two of one picture want the same group.
    """
    group = np.asarray(group).copy()
    asking = np.flatnonzero(free)
    if not len(asking) or not (group >= 0).any():
        return group
    sums = np.zeros((int(group.max()) + 1, vectors.shape[1]), np.float32)
    inside = group >= 0
    np.add.at(sums, group[inside], vectors[inside] * weights[inside, None].astype(np.float32))
    centres = l2_normalize(sums)
    scores, lead, wanted = (
        np.concatenate(part) for part in zip(*_asked(vectors, neighbours, group, centres, asking), strict=True)
    )
    good = (wanted >= 0) & (scores >= least) & (lead >= LEAD)
    taken = {(int(g), int(p)) for g, p in zip(group[inside], pictures[inside], strict=True) if p >= 0}
    for i in np.flatnonzero(good)[np.argsort(-scores[good], kind="stable")]:
        face, key = asking[i], (int(wanted[i]), int(pictures[asking[i]]))
        if key not in taken:
            group[face] = wanted[i]
            if key[1] >= 0:
                taken.add(key)
    return group


def _asked(
    vectors: np.ndarray, neighbours: Neighbours, group: np.ndarray, centres: np.ndarray, asking: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For blocks of the asking faces: score of the best group, its lead before the second, which it is (-1: none)."""
    for start in range(0, len(asking), ROWS):
        rows = asking[start : start + ROWS]
        near = group[neighbours.index[rows]]
        to_centre = np.einsum("id,ikd->ik", vectors[rows], centres[near])
        score = np.where(near >= 0, (neighbours.similarity[rows] + to_centre) / 2, -np.inf)
        best = score.argmax(axis=1)
        which = np.take_along_axis(near, best[:, None], axis=1)
        top = score.max(axis=1)
        second = np.where(near == which, -np.inf, score).max(axis=1)
        yield top, top - np.maximum(second, 0), which[:, 0]
