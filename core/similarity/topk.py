"""The highest values of long rows that come in blocks, so that a row never has to be held whole."""

from __future__ import annotations

import numpy as np


class TopK:
    """The k highest values of each of q rows, and their places, while blocks of columns are offered.

    >>> best = TopK(1, 2)
    >>> best.offer(np.array([[3.0, 1.0]]), 0)
    >>> best.offer(np.array([[2.0, 5.0]]), 2)
    >>> best.places.tolist(), best.values.tolist()
    ([[3, 0]], [[5.0, 3.0]])
    """

    def __init__(self, rows: int, k: int):
        self.k = k
        self.values = np.empty((rows, 0), np.float32)
        """Best first, float32 (q, at most k)."""
        self.places = np.empty((rows, 0), np.int64)
        """Their columns, int64 (q, at most k). Of equal values the earlier column comes first."""

    def offer(self, block: np.ndarray, first: int) -> None:
        """Take in float32 (q, b), the columns from `first` on. Blocks come in the order of their columns."""
        if self.values.shape[1] < self.k:
            self._merge(*_highest(block, self.k), first)
            return
        # Most blocks hold few values that are higher than the lowest kept so far.
        higher = block > self.values[:, -1:]
        count = int(np.count_nonzero(higher))
        if count > 2 * self.k * len(block):
            self._merge(*_highest(block, self.k), first)
        elif count:
            rows, columns = np.nonzero(higher)
            self._merge(rows, columns, block[rows, columns], first)

    def _merge(self, rows: np.ndarray, columns: np.ndarray, values: np.ndarray, first: int) -> None:
        """Join (row, column, value) triples to what is kept."""
        q, kept = self.values.shape
        rows = np.concatenate([np.repeat(np.arange(q), kept), rows])
        places = np.concatenate([self.places.ravel(), columns + first])
        values = np.concatenate([self.values.ravel(), values])
        order = np.lexsort((places, -values, rows))
        starts = np.searchsorted(rows[order], np.arange(q))
        width = min(self.k, len(rows) // max(q, 1))
        chosen = order[starts[:, None] + np.arange(width)]
        self.places, self.values = places[chosen], values[chosen]


def _highest(block: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, columns and values of the k highest of each row, in no order."""
    k = min(k, block.shape[1])
    columns = (
        np.argpartition(block, -k, axis=1)[:, -k:] if k < block.shape[1] else np.tile(np.arange(k), (len(block), 1))
    )
    rows = np.repeat(np.arange(len(block)), k)
    return rows, columns.ravel(), block[rows, columns.ravel()]
