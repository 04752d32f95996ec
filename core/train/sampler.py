"""Batches of P distinct characters with K faces each (Hermans et al. 2017, section 2), redrawn every epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from core.errors import DataError


def batches_of_epoch(characters: int, rounds: int, p: int) -> int:
    """Batches of P characters in an epoch that shows each of the characters `rounds` times.

    >>> batches_of_epoch(5, 3, 4)
    4
    """
    return -(-characters * rounds // min(p, characters))


class PKSampler:
    """Yields batches of face indices: P different characters, K faces of each.

    An epoch shows every character once (the last batch is filled up with characters of the same epoch); the faces of a
    character are drawn afresh each time, without a repeat where it has at least K, so that in the long run every pair
    of its faces is compared. The article grouped the same K faces in every epoch. The same seed gives the same
    batches; `epoch(n)` does not depend on what was drawn before, so that a resumed training sees the same.
    """

    def __init__(self, labels: Sequence[int], *, p: int, k: int, seed: int = 0, rounds: int = 1):
        if p < 2 or k < 2:
            raise DataError(f"A batch needs at least 2 characters with 2 faces each, got P={p}, K={k}.")
        self.labels = np.asarray(labels)
        self.characters = np.unique(self.labels)
        if len(self.characters) < 2:
            raise DataError(f"Training needs at least 2 characters, got {len(self.characters)}. Collect another one.")
        self.p, self.k, self.seed, self.rounds = min(p, len(self.characters)), k, seed, rounds
        self._faces = [np.flatnonzero(self.labels == c) for c in self.characters]

    def __len__(self) -> int:
        """Batches an epoch."""
        return batches_of_epoch(len(self.characters), self.rounds, self.p)

    def epoch(self, number: int) -> Iterator[np.ndarray]:
        """The batches of one epoch, int64 arrays of P x K indices, the K faces of a character side by side."""
        rng = np.random.default_rng((self.seed, number))
        order = self._order(rng)
        for start in range(0, len(order), self.p):
            chosen = order[start : start + self.p]
            if len(chosen) < self.p:
                others = np.setdiff1d(np.arange(len(self.characters)), chosen)
                chosen = np.concatenate([chosen, rng.choice(others, self.p - len(chosen), replace=False)])
            yield np.concatenate([self._draw(self._faces[c], rng) for c in chosen])

    def _order(self, rng: np.random.Generator) -> np.ndarray:
        """Every character `rounds` times, so that no batch of P holds one twice."""
        n = len(self.characters)
        order = rng.permutation(n)
        for _ in range(self.rounds - 1):
            tail = order[len(order) - len(order) % self.p :]
            late = rng.permutation(tail)
            early = rng.permutation(np.setdiff1d(np.arange(n), tail))
            need = min(self.p - len(tail), len(early)) if len(tail) else 0
            rest = np.concatenate([early[need:], late])
            order = np.concatenate([order, early[:need], rng.permutation(rest)])
        return order

    def _draw(self, faces: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        if len(faces) >= self.k:
            return rng.choice(faces, self.k, replace=False)
        return np.concatenate([rng.permutation(faces), rng.choice(faces, self.k - len(faces))])
