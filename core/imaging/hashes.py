"""What makes two pictures the same: bytes (sha256) or looks (a 64-bit perceptual hash)."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence

import imagehash
import numpy as np
from PIL import Image

NEAR = 6
"""At most so many of 64 bits differ between near-duplicates (re-saved, scaled, slightly cropped)."""

MOST_BANDS = 16
"""From limits above it on, bands are so narrow that too many pairs share two of them."""


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
    """All index pairs (i < j) with at most `limit` differing bits, without comparing all with all."""
    first, second = near_places(np.array(hashes, dtype=np.uint64), limit)
    return list(zip(first.tolist(), second.tolist(), strict=True))


def near_places(values: np.ndarray, limit: int = NEAR) -> tuple[np.ndarray, np.ndarray]:
    """The same pairs of uint64 (n,), as two int64 arrays.

    Two hashes that differ in at most `limit` bits agree wholly in two of limit + 2 bands (pigeonhole); only pairs that
    share two bands are compared: of random hashes one in 65,536 does, where one band alone is shared by one in 512.
    """
    edges = np.linspace(0, 64, min(limit, MOST_BANDS) + 3).astype(int)
    bands = [_bits(values, int(low), int(high)) for low, high in itertools.pairwise(edges)]
    if limit > MOST_BANDS:
        bands = [np.zeros(len(values), np.uint64)] * 2  # nearly everything is near: all are compared with all
    found = [np.empty(0, np.int64)]
    for one, other in itertools.combinations(bands, 2):
        width = np.uint64(-(-64 // len(bands)))
        found += _close(values, (one << width) | other, limit)
    first, second = np.divmod(np.unique(np.concatenate(found)), max(len(values), 1))
    return first, second


def _bits(values: np.ndarray, low: int, high: int) -> np.ndarray:
    """The bits from low to high - 1 of uint64 values, as uint64."""
    return (values >> np.uint64(low)) & np.uint64((1 << (high - low)) - 1)


def _close(values: np.ndarray, keys: np.ndarray, limit: int) -> Iterator[np.ndarray]:
    """Pairs i < j with the same key and at most `limit` differing bits, as i * n + j.

    Sorted by key, equal ones stand side by side: all are compared with their next, then with the one after it, and so
    on while any has one.
    """
    n = len(values)
    if n < 2:
        return
    order = np.argsort(keys.astype(np.uint16) if keys.max(initial=0) < 1 << 16 else keys, kind="stable")
    ordered, mine = values[order], keys[order]
    last = np.flatnonzero(np.append(mine[1:] != mine[:-1], True)) + 1
    end = np.repeat(last, np.diff(last, prepend=0))
    left, step = np.arange(n), 1
    while len(left := left[left + step < end[left]]):
        near = left[np.bitwise_count(ordered[left] ^ ordered[left + step]) <= limit]
        if len(near):
            yield order[near] * n + order[near + step]  # a stable sort: the earlier one comes first
        step += 1


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
