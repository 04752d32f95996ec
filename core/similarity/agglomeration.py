"""Agglomerative clustering on the graph of nearest neighbours: the nearest two groups join, again and again.

How near two groups are is the cosine of their centres, as in centroid linkage. That alone chains: two large, pure
groups of look-alikes join because their means agree. So a pair must be linked as well: the affinity of Zhang et al.,
"Graph Degree Linkage: Agglomerative Clustering on a Directed Graph" (ECCV 2012), demands that many faces of each
group have faces of the other among their nearest neighbours, measured against the groups' sizes. Only pairs that share
an edge of the graph are ever looked at, so the time grows with the edges and not with the square of the faces.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from core.similarity.neighbours import Neighbours

POWER = 3.0
"""An edge weighs its similarity to this power: near neighbours count, far ones hardly."""


@dataclass(frozen=True, slots=True)
class MergeRule:
    """When two groups may join. similarity: least cosine of their centres. linkage: least graph degree linkage, 0 to
    about 2 for two single faces (2 s^6 for two that are each other's neighbours at cosine s)."""

    similarity: float
    linkage: float


def agglomerate(
    embeddings: np.ndarray,
    neighbours: Neighbours,
    rule: MergeRule,
    *,
    weights: np.ndarray,
    pictures: np.ndarray,
) -> np.ndarray:
    """The group of each face as int (n,); any number that two faces share is one group.

    embeddings: unit, float32 (n, d). weights float (n,): of each face in its group's centre. pictures int (n,): two
    faces of one picture never come into one group; a negative number is a picture of its own.
    """
    forest = _Forest(embeddings, neighbours, weights, pictures)
    heap = forest.first_pairs(rule)
    heapq.heapify(heap)
    while heap:
        _, a, b = heapq.heappop(heap)
        if forest.alive(a) and forest.alive(b) and forest.may_join(a, b):
            for pair in forest.join(a, b, rule):
                heapq.heappush(heap, pair)
    return forest.root(np.arange(len(embeddings)))


class _Forest:
    """The groups so far. A join makes a new number (n, n + 1, ...); `_parent` leads from an old one to the new."""

    def __init__(self, embeddings: np.ndarray, neighbours: Neighbours, weights: np.ndarray, pictures: np.ndarray):
        n = len(embeddings)
        self._n, self._next = n, n
        most = 2 * n
        self._parent = np.arange(most)
        self._sums = np.zeros((most, embeddings.shape[1]), np.float32)
        self._sums[:n] = embeddings * np.asarray(weights, np.float32)[:, None]
        self._length = np.zeros(most, np.float32)
        self._length[:n] = np.linalg.norm(self._sums[:n], axis=1)
        self._size = np.ones(most)
        self._edges = _mutual_edges(neighbours)
        self._links: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        shared = _shared(pictures)
        self._pictures = {int(i): {int(pictures[i])} for i in np.flatnonzero(shared)}

    def root(self, numbers: np.ndarray) -> np.ndarray:
        """The groups that these numbers have become."""
        found = np.asarray(self._parent[numbers])
        while not np.array_equal(found, above := self._parent[found]):
            found = above
        self._parent[numbers] = found
        return np.asarray(found)

    def alive(self, number: int) -> bool:
        return bool(self._parent[number] == number)

    def may_join(self, a: int, b: int) -> bool:
        mine, theirs = self._pictures.get(a), self._pictures.get(b)
        return not mine or not theirs or mine.isdisjoint(theirs)

    def first_pairs(self, rule: MergeRule) -> list[tuple[float, int, int]]:
        """Pairs of faces that may join, and the links of every face, sorted by face."""
        start, stop, there, back = self._edges
        borders = np.searchsorted(start, np.arange(self._n + 1))
        for i in range(self._n):
            own = slice(borders[i], borders[i + 1])
            self._links[i] = (stop[own], there[own], back[own])
        half = start < stop
        a, b = start[half], stop[half]
        near = np.einsum("ij,ij->i", self._sums[a], self._sums[b]) / (self._length[a] * self._length[b])
        good = (near >= rule.similarity) & (2 * there[half] * back[half] >= rule.linkage)
        return list(zip((-near[good]).tolist(), a[good].tolist(), b[good].tolist(), strict=True))

    def join(self, a: int, b: int, rule: MergeRule) -> list[tuple[float, int, int]]:
        """Make one group of two; the pairs that it may join next."""
        new, self._next = self._next, self._next + 1
        self._parent[a] = self._parent[b] = new
        self._sums[new] = self._sums[a] + self._sums[b]
        self._length[new] = np.linalg.norm(self._sums[new])
        self._size[new] = self._size[a] + self._size[b]
        if pictures := self._pictures.pop(a, set()) | self._pictures.pop(b, set()):
            self._pictures[new] = pictures
        parts = [self._links.pop(a), self._links.pop(b)]
        who = self.root(np.concatenate([part[0] for part in parts]))
        who, place = np.unique(who, return_inverse=True)
        there = np.bincount(place, np.concatenate([part[1] for part in parts]))
        back = np.bincount(place, np.concatenate([part[2] for part in parts]))
        others = who != new
        who, there, back = who[others], there[others], back[others]
        self._links[new] = (who, there, back)
        linkage = there * back * (1 / self._size[new] ** 2 + 1 / self._size[who] ** 2)
        who = who[linkage >= rule.linkage]
        near = self._sums[who] @ self._sums[new] / np.maximum(self._length[who] * self._length[new], 1e-12)
        good = near >= rule.similarity
        return [(-s, w, new) for s, w in zip(near[good].tolist(), who[good].tolist(), strict=True)]


def _mutual_edges(neighbours: Neighbours) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Each edge in both directions: from, to, weight there, weight back (0 where the other does not point back).

    Edges that point one way only are kept: between groups they add up with others that point the other way.
    """
    n, k = neighbours.index.shape
    start = np.repeat(np.arange(n), k)
    stop = neighbours.index.ravel()
    weight = np.maximum(neighbours.similarity.ravel(), 1e-3).astype(float) ** POWER
    pairs = np.concatenate([start * n + stop, stop * n + start])
    there = np.concatenate([weight, np.zeros(n * k)])
    back = np.concatenate([np.zeros(n * k), weight])
    pairs, place = np.unique(pairs, return_inverse=True)
    start, stop = np.divmod(pairs, n)
    return start, stop, np.bincount(place, there), np.bincount(place, back)


def _shared(pictures: np.ndarray) -> np.ndarray:
    """bool (n,): another face has the same picture."""
    _, place, counts = np.unique(pictures, return_inverse=True, return_counts=True)
    return np.asarray((counts[place] > 1) & (np.asarray(pictures) >= 0))
