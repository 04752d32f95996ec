"""Confused pairs: the characters that lie nearest to each other, and the faces that bring them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.similarity.prototypes import prototypes

CHUNK = 2048
"""Faces whose nearest other is looked for at once."""


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """Two characters, the cosine of their prototypes, and the indices of their nearest faces of each other.

    first_faces[i] and second_faces[i] are the i-th nearest pair of faces, each face in one pair only.
    mixed: share of both characters' faces whose nearest other face is of the other one of the two.
    """

    first: str
    second: str
    similarity: float
    mixed: float
    first_faces: tuple[int, ...]
    second_faces: tuple[int, ...]


def confused_pairs(
    embeddings: np.ndarray, labels: Sequence[str], *, limit: int = 10, examples: int = 4
) -> list[ConfusedPair]:
    """The `limit` pairs of characters whose faces mix most, then those with the nearest prototypes.

    embeddings float32 (n, d), L2-normalised.
    """
    embeddings = np.asarray(embeddings, np.float32)
    labels = np.asarray(labels, dtype=str)
    if len(embeddings) < 2 or len(set(labels.tolist())) < 2:
        return []
    names, centres = prototypes(embeddings, labels)
    closeness = centres @ centres.T
    members = [np.flatnonzero(labels == name) for name in names]
    mixed = _mixed(embeddings, labels, names)
    firsts, seconds = np.triu_indices(len(names), 1)
    order = sorted(
        range(len(firsts)),
        key=lambda p: (-mixed[firsts[p], seconds[p]], -closeness[firsts[p], seconds[p]]),
    )
    pairs = []
    for p in order[:limit]:
        a, b = int(firsts[p]), int(seconds[p])
        left, right = _nearest(embeddings, members[a], members[b], examples)
        pairs.append(ConfusedPair(names[a], names[b], float(closeness[a, b]), float(mixed[a, b]), left, right))
    return pairs


def _mixed(embeddings: np.ndarray, labels: np.ndarray, names: Sequence[str]) -> np.ndarray:
    number = {name: i for i, name in enumerate(names)}
    own = np.array([number[label] for label in labels.tolist()])
    times = np.zeros((len(names), len(names)))
    for start in range(0, len(embeddings), CHUNK):
        rows = np.arange(start, min(start + CHUNK, len(embeddings)))
        similarity = embeddings[rows] @ embeddings.T
        similarity[np.arange(len(rows)), rows] = -np.inf
        np.add.at(times, (own[rows], own[similarity.argmax(axis=1)]), 1)
    sizes = np.bincount(own, minlength=len(names))
    return (times + times.T) / np.add.outer(sizes, sizes)


def _nearest(
    embeddings: np.ndarray, left: np.ndarray, right: np.ndarray, examples: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    similarity = embeddings[left] @ embeddings[right].T
    firsts, seconds = [], []
    for _ in range(min(examples, len(left), len(right))):
        i, j = np.unravel_index(similarity.argmax(), similarity.shape)
        firsts.append(int(left[i]))
        seconds.append(int(right[j]))
        similarity[i, :] = -np.inf
        similarity[:, j] = -np.inf
    return tuple(firsts), tuple(seconds)
