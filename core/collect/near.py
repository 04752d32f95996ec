"""Which picture a new one repeats, by looks: an index of perceptual hashes that grows while pictures come in."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np

from core.hashes import NEAR, distance


class NearIndex:
    """Finds hashes within `limit` of 64 bits without comparing with all of them.

    Two such hashes agree wholly in one of limit + 1 bands of bits (pigeonhole), so only those that share a band
    are compared. 100,000 hashes: about a second to fill, less than a millisecond to ask.
    """

    def __init__(self, limit: int = NEAR):
        self.limit = limit
        edges = np.linspace(0, 64, limit + 2).astype(int).tolist()
        self._bands = [(low, (1 << (high - low)) - 1) for low, high in pairwise(edges)]
        self._buckets: list[dict[int, list[tuple[int, int]]]] = [defaultdict(list) for _ in self._bands]

    def add(self, value: int, item: int) -> None:
        """Enter an item (a picture's id) under its hash."""
        for (low, mask), bucket in zip(self._bands, self._buckets, strict=True):
            bucket[(value >> low) & mask].append((value, item))

    def nearest(self, value: int) -> tuple[int, int] | None:
        """(item, differing bits) of the nearest within the limit, the earliest of equally near ones; else None."""
        best: tuple[int, int] | None = None
        for (low, mask), bucket in zip(self._bands, self._buckets, strict=True):
            for other, item in bucket.get((value >> low) & mask, ()):
                bits = distance(value, other)
                if bits <= self.limit and (best is None or (bits, item) < (best[1], best[0])):
                    best = (item, bits)
        return best
