"""Outliers: the faces least like the rest of their character, whoever else they look like.

A suspicious label looks like somebody else; an odd one may look like nobody: a bad crop, a hand, a logo, a back of a
head. Arrays in, values out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CUT = 3.5
"""Robust z-score from which a face is odd (Iglewicz, Hoaglin 1993)."""

FEWEST = 5
"""With fewer faces a character has no usual spread to be outside of."""


@dataclass(frozen=True, slots=True)
class OddFace:
    """index in the embeddings; similarity to the mean of the character's other faces; usual: the median of those.

    score: how many robust standard deviations below the usual it lies, 3.5 or more.
    """

    index: int
    label: str
    similarity: float
    usual: float
    score: float


def outlier_faces(embeddings: np.ndarray, labels: Sequence[str], cut: float = CUT) -> list[OddFace]:
    """Faces far below the usual similarity within their character, oddest first.

    For each face the cosine to the mean of the *others* of its character; of these m the robust z-score
    0.6745 (median - m) / MAD, with MAD the median distance from the median of those that lie below it: similarities
    have a long lower tail, and measured by both sides an eighth of all faces was odd. Characters under 5 faces are left
    out.
    """
    embeddings = np.asarray(embeddings, np.float64)
    labels = np.asarray(labels, dtype=str)
    found = []
    for name in np.unique(labels):
        members = np.flatnonzero(labels == name)
        if len(members) < FEWEST:
            continue
        own = embeddings[members]
        others = own.sum(axis=0) - own
        others /= np.maximum(np.linalg.norm(others, axis=1, keepdims=True), 1e-12)
        similarity = (own * others).sum(axis=1)
        usual = float(np.median(similarity))
        below = usual - similarity[similarity < usual]
        if not len(below):
            continue  # all alike
        spread = max(float(np.median(below)), 1e-3)  # copies would make all else odd
        scores = 0.6745 * (usual - similarity) / spread
        found += [
            OddFace(int(members[i]), str(name), float(similarity[i]), usual, float(scores[i]))
            for i in np.flatnonzero(scores >= cut)
        ]
    return sorted(found, key=lambda face: (-face.score, face.index))
