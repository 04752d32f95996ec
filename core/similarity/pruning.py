"""Faces that leave a finished group: those that the other faces would put into another group, or hardly into this one.

A kernel ridge regression (one against all, targets 1 and 0) on the group and its nearest groups says for each face how
much it belongs to each, as if the face itself had not been there: leave-one-out by the closed form y - a / G, where a
is the solution and G the diagonal of the inverse (Allen 1974; Rifkin & Lippert 2007).
"""

from __future__ import annotations

import numpy as np

from core.similarity.prototypes import l2_normalize

LEAD = 0.35
"""By how much a face has to belong to its group more than to any other."""
RIDGE, SHARPNESS = 0.1, 2.0
"""The penalty, and the kernel exp(sharpness (cosine - 1))."""
NEAR = 8
"""Groups that a group is held against."""
OWN, OTHER = 400, 100
"""Faces of the group and of each other one that the regression learns from at most: its time grows with their cube."""


def prune(vectors: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The groups int (n,) of unit vectors (n, d), -1 for none, with -1 for the faces that leave theirs as well."""
    places = np.unique(group[group >= 0])
    if len(places) < 2:
        return group
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], places)
    members = np.split(order[starts[0] :], starts[1:] - starts[0])
    centres = l2_normalize(np.stack([vectors[own].mean(axis=0) for own in members]))
    pruned = group.copy()
    for k, own in enumerate(members):
        near = np.argsort(-(centres @ centres[k]), kind="stable")
        others = [members[j] for j in near if j != k][:NEAR]
        pruned[own[_lead(vectors, own, others) <= LEAD]] = -1
    return pruned


def _lead(vectors: np.ndarray, own: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """float (m,): by how much each face of a group belongs to it more than to the nearest other one."""
    learned = [_spaced(own, OWN), *(_spaced(other, OTHER) for other in others)]
    known = vectors[np.concatenate(learned)].astype(np.float64)
    target = np.repeat(np.eye(len(learned)), [len(faces) for faces in learned], axis=0)
    inverse = np.linalg.inv(np.exp(SHARPNESS * (known @ known.T - 1)) + RIDGE * np.eye(len(known)))
    weights = inverse @ target
    belongs = np.exp(SHARPNESS * (vectors[own].astype(np.float64) @ known.T - 1)) @ weights
    m = len(learned[0])
    belongs[np.searchsorted(own, learned[0])] = (target - weights / np.diag(inverse)[:, None])[:m]
    return np.asarray(belongs[:, 0] - belongs[:, 1:].max(axis=1))


def _spaced(faces: np.ndarray, most: int) -> np.ndarray:
    """At most so many of them, evenly spaced.

    >>> _spaced(np.arange(10), 5).tolist()
    [0, 2, 4, 6, 8]
    """
    return faces if len(faces) <= most else faces[np.arange(most) * len(faces) // most]
