"""What makes two pictures the same: bytes (sha256) or looks (a 64-bit perceptual hash)."""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Sequence

import imagehash
import numpy as np
from PIL import Image

NEAR = 6
"""At most so many of 64 bits differ between near-duplicates (re-saved, scaled, slightly cropped)."""


def sha256(data: bytes) -> str:
    """Hex digest of the bytes."""
    return hashlib.sha256(data).hexdigest()


def perceptual(rgb: np.ndarray) -> int:
    """64-bit DCT hash of a uint8 HxWx3 picture (imagehash.phash), as a non-negative integer."""
    return int(str(imagehash.phash(Image.fromarray(rgb))), 16)


def distance(a: int, b: int) -> int:
    """Number of differing bits, 0 to 64."""
    return (a ^ b).bit_count()


def near_pairs(hashes: Sequence[int], limit: int = NEAR) -> list[tuple[int, int]]:
    """All index pairs (i < j) with at most `limit` differing bits, without comparing all with all.

    Two hashes that differ in at most `limit` bits agree wholly in one of limit + 1 bands (pigeonhole);
    only pairs that share a band are compared.
    """
    n = len(hashes)
    if n < 2:
        return []
    values = np.array(hashes, dtype=np.uint64)
    edges = np.linspace(0, 64, limit + 2).astype(int)
    found: set[tuple[int, int]] = set()
    for low, high in itertools.pairwise(edges):
        mask = np.uint64(((1 << int(high - low)) - 1) << int(low))
        buckets: dict[int, list[int]] = defaultdict(list)
        for index, band in enumerate((values & mask).tolist()):
            buckets[band].append(index)
        for members in buckets.values():
            if len(members) > 1:
                found.update(_close(values, np.array(members), limit))
    return sorted(found)


def _close(values: np.ndarray, members: np.ndarray, limit: int) -> list[tuple[int, int]]:
    mine = values[members]
    pairs: list[tuple[int, int]] = []
    rows = max(4_000_000 // len(members), 1)  # a block of the comparison stays small in memory
    for start in range(0, len(members), rows):
        bits = np.bitwise_count(mine[start : start + rows, None] ^ mine[None, :])
        i, j = np.nonzero(bits <= limit)
        later = j > i + start
        pairs += zip(members[i[later] + start].tolist(), members[j[later]].tolist(), strict=True)
    return pairs


def groups(n: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Group number of each of n items, joined by pairs (union-find); the number is the smallest index.

    >>> groups(4, [(1, 3)])
    [0, 1, 2, 1]
    """
    parent = list(range(n))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in pairs:
        a, b = root(a), root(b)
        parent[max(a, b)] = min(a, b)
    return [root(i) for i in range(n)]
