"""The nearest others of every face, exactly and without the full matrix: what grouping and questions start from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ROWS = 512
"""Faces that ask together."""
COLUMNS = 4096
"""Faces that answer together: one block of similarities takes 8 MB."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The k nearest others of n faces, nearest first.

    index int (n, k): who; similarity float32 (n, k): how near, -1 to 1. k may be smaller than was asked for where
    there are fewer faces.
    """

    index: np.ndarray
    similarity: np.ndarray

    @property
    def k(self) -> int:
        """Neighbours of each face."""
        return int(self.index.shape[1])


def nearest_neighbours(embeddings: np.ndarray, k: int) -> Neighbours:
    """The k nearest others of each of the unit embeddings (n, d), by cosine; min(k, n - 1) of them.

    Blocks of the similarity matrix are made one after the other. After its first block a face has k candidates, and
    of a further block only what beats the worst of them is sorted: nearly all the time goes into the multiplication.
    Equal similarities are told apart by position, so that the result depends on nothing but the input.

    >>> found = nearest_neighbours(np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32), 1)
    >>> found.index.ravel().tolist(), [round(float(s), 1) for s in found.similarity.ravel()]
    ([1, 0, 1], [0.8, 0.8, 0.6])
    """
    embeddings = np.ascontiguousarray(embeddings, np.float32)
    n = len(embeddings)
    k = max(min(k, n - 1), 0)
    index = np.empty((n, k), np.int64)
    similarity = np.empty((n, k), np.float32)
    if k == 0:
        return Neighbours(index, similarity)
    for start in range(0, n, ROWS):
        stop = min(start + ROWS, n)
        index[start:stop], similarity[start:stop] = _of_rows(embeddings, start, stop, k)
    return Neighbours(index, similarity)


def nearest_of(embeddings: np.ndarray, row: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest others of one of the unit embeddings (n, d) by cosine, nearest first: int (k,) and float32 (k,).

    >>> index, similarity = nearest_of(np.array([[1, 0], [0.8, 0.6], [0, 1]], np.float32), 1, 2)
    >>> index.tolist(), [round(float(s), 1) for s in similarity]
    ([0, 2], [0.8, 0.6])
    """
    similarity = np.asarray(embeddings, np.float32) @ np.asarray(embeddings[row], np.float32)
    order = np.argsort(-similarity, kind="stable")
    order = order[order != row][: max(k, 0)]
    return order, similarity[order]


def _of_rows(embeddings: np.ndarray, start: int, stop: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    asking = embeddings[start:stop]
    best = np.full((len(asking), k), -np.inf, np.float32)
    who = np.full((len(asking), k), len(embeddings), np.int64)
    for left in range(0, len(embeddings), COLUMNS):
        block = asking @ embeddings[left : left + COLUMNS].T
        _without_self(block, start, left)
        if left == 0 and block.shape[1] > k:
            taken = np.argpartition(block, block.shape[1] - k, axis=1)[:, -k:]
            best, who = _merge(best, who, np.take_along_axis(block, taken, axis=1), taken, k)
            continue
        rows, columns = np.divmod(np.flatnonzero(block >= best[:, -1:]), block.shape[1])
        if len(rows):
            best, who = _merge(best, who, *_padded(block, rows, columns, left, len(embeddings)), k)
    return who, best


def _without_self(block: np.ndarray, start: int, left: int) -> None:
    own = np.arange(len(block)) + start - left
    inside = np.flatnonzero((own >= 0) & (own < block.shape[1]))
    block[inside, own[inside]] = -np.inf


def _padded(
    block: np.ndarray, rows: np.ndarray, columns: np.ndarray, left: int, nobody: int
) -> tuple[np.ndarray, np.ndarray]:
    """The chosen cells as two rectangles, one row a face, filled up with nobody."""
    counts = np.bincount(rows, minlength=len(block))
    place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    values = np.full((len(block), counts.max()), -np.inf, np.float32)
    who = np.full(values.shape, nobody, np.int64)
    values[rows, place] = block[rows, columns]
    who[rows, place] = columns + left
    return values, who


def _merge(
    best: np.ndarray, who: np.ndarray, values: np.ndarray, columns: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray]:
    values = np.concatenate([best, values], axis=1)
    columns = np.concatenate([who, columns], axis=1)
    order = np.lexsort((columns, -values), axis=1)[:, :k]
    return np.take_along_axis(values, order, axis=1), np.take_along_axis(columns, order, axis=1)
