"""Whom a face looks like: the nearest characters by their prototypes. A hint for the person, never a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.similarity.prototypes import l2_normalize, prototypes

ENOUGH = 3
"""Kept faces from which a character has a prototype worth comparing with."""


@dataclass(frozen=True)
class Likeness:
    """Characters by name and their prototypes, float32 (c, d), each of length 1."""

    names: tuple[str, ...]
    vectors: np.ndarray

    @classmethod
    def of(cls, embeddings: np.ndarray, labels: Sequence[str]) -> Likeness:
        """From unit embeddings (n, d) of kept faces and whose they are; characters under ENOUGH faces are left out."""
        labels = np.asarray(labels, dtype=str)
        names, counts = np.unique(labels, return_counts=True)
        known = np.isin(labels, names[counts >= ENOUGH])
        return cls(*prototypes(np.asarray(embeddings)[known], labels[known]))

    def nearest(self, embedding: np.ndarray, max_count: int = 5) -> list[tuple[str, float]]:
        """The likeliest characters with their similarity (cosine, -1 to 1), nearest first.

        >>> two = Likeness(("Asuka", "Rei"), np.array([[1.0, 0.0], [0.0, 1.0]], np.float32))
        >>> two.nearest(np.array([0.0, 2.0]), 1)
        [('Rei', 1.0)]
        """
        if not self.names:
            return []
        similarity = self.vectors @ l2_normalize(embedding)
        order = np.argsort(-similarity, kind="stable")[:max_count]
        return [(self.names[i], float(similarity[i])) for i in order]


def most_central(embeddings: np.ndarray) -> int:
    """Index of the face nearest to the mean of all (n, d), n at least 1: the one to compare others with."""
    embeddings = np.asarray(embeddings, np.float32)
    return int(np.argmax(embeddings @ l2_normalize(embeddings.mean(axis=0))))
