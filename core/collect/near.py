"""Which picture a new one repeats, by looks: perceptual hashes that grow while pictures come in.

For all pairs of a whole workspace there is the banded index in core.imaging.hashes; for one newcomer at a time a single
vectorised pass over all hashes is simpler and faster: well under a millisecond at 100,000 pictures.
"""

from __future__ import annotations

import numpy as np

from core.imaging.hashes import NEAR


class NearIndex:
    """Finds the nearest hash within `limit` of 64 differing bits."""

    def __init__(self, limit: int = NEAR):
        self.limit = limit
        self._values, self._items, self._n = np.zeros(1024, np.uint64), np.zeros(1024, np.int64), 0

    def add(self, value: int, item: int) -> None:
        """Enter an item (a picture's id) under its hash."""
        if self._n == len(self._values):
            self._values = np.concatenate([self._values, np.zeros_like(self._values)])
            self._items = np.concatenate([self._items, np.zeros_like(self._items)])
        self._values[self._n], self._items[self._n] = value, item
        self._n += 1

    def nearest(self, value: int) -> tuple[int, int] | None:
        """(item, differing bits) of the nearest within the limit, the earliest of equally near ones; else None."""
        if self._n == 0:
            return None
        bits = np.bitwise_count(self._values[: self._n] ^ np.uint64(value))
        best = int(bits.argmin())
        return (int(self._items[best]), int(bits[best])) if bits[best] <= self.limit else None
