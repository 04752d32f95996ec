"""How likely each unnamed face is each named character: similarities turned into probabilities.

The similarity is that of recognition (core.similarity.scorer): half to the character's mean, half to its nearest face.
A logistic curve, fitted on the answers of simulated users to six sets of faces (docs/groups.md), makes a probability
of it and of its lead before the second character; the answers of this user move the curve.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from core.similarity.prototypes import l2_normalize

BIAS, BY_SIMILARITY, BY_LEAD = -6.0, 7.0, 8.0
"""The logistic curve."""
PRIOR = 6.0
"""So many answers' worth of trust in the fitted curve."""
MOST_SHIFT = 2.0
ROWS = 4096


@dataclass(frozen=True)
class Likelihood:
    """faces int (u,): the unnamed ones. similarity float32 (u, c): to each character, -1 to 1, -inf where it was denied.
    probability float (u, c): that the face is that character; 0 where it was denied. Only a face's best character may be
    more likely than not. row: face -> its row."""

    faces: np.ndarray
    similarity: np.ndarray
    probability: np.ndarray
    row: dict[int, int]

    def of(self, faces: Sequence[int] | np.ndarray, place: int) -> np.ndarray:
        """The probability of one character for those of the faces that are unnamed."""
        rows = [self.row[int(i)] for i in faces if int(i) in self.row]
        return self.probability[rows, place] if rows else np.empty(0)

    def best(self) -> tuple[np.ndarray, np.ndarray]:
        """Per face: the likeliest character (-1 without any) and its probability."""
        if not self.probability.shape[1]:
            return np.full(len(self.faces), -1), np.zeros(len(self.faces))
        return self.probability.argmax(axis=1), self.probability.max(axis=1)

    def candidates(self, face: int, most: int) -> tuple[int, ...]:
        """The likeliest characters of a face, best first, those that were denied left out."""
        row = self.similarity[self.row[face]]
        order = np.argsort(-row, kind="stable")[:most]
        return tuple(int(i) for i in order if np.isfinite(row[i]))


def likelihoods(
    vectors: np.ndarray,
    owner: np.ndarray,
    characters: int,
    groups: Sequence[Sequence[int]],
    denied: Collection[tuple[int, int]],
    answers: tuple[float, float, float],
) -> Likelihood:
    """From centred unit vectors (n, d), the owner of each (-1 unnamed, -2 ignored), and the groups of unnamed faces."""
    faces = np.flatnonzero(owner == -1)
    row = {int(face): i for i, face in enumerate(faces)}
    similarity = np.full((len(faces), characters), -1.0, np.float32)
    for place in range(characters):
        own = vectors[owner == place]
        if len(own):
            similarity[:, place] = _similarity(vectors[faces], own)
    for group in groups:
        rows = [row[i] for i in group]
        similarity[rows] = (similarity[rows] + similarity[rows].mean(axis=0)) / 2
    no = [(row[face], place) for face, place in denied if face in row and place < characters]
    for r, place in no:
        similarity[r, place] = -np.inf
    return Likelihood(faces, similarity, _probability(similarity, answers), row)


def _similarity(asking: np.ndarray, own: np.ndarray) -> np.ndarray:
    found = np.empty(len(asking), np.float32)
    middle = l2_normalize(own.mean(axis=0))
    for start in range(0, len(asking), ROWS):
        part = asking[start : start + ROWS]
        found[start : start + ROWS] = ((part @ own.T).max(axis=1) + part @ middle) / 2
    return found


def _probability(similarity: np.ndarray, answers: tuple[float, float, float]) -> np.ndarray:
    if not similarity.shape[1]:
        return np.zeros(similarity.shape)
    asked, expected, right = answers
    shift = float(np.clip((right - expected) / (asked + PRIOR), -MOST_SHIFT, MOST_SHIFT))
    order = np.sort(similarity, axis=1)
    top = order[:, -1:]
    second = order[:, -2:-1] if similarity.shape[1] > 1 else np.full_like(top, -1)
    rival = np.maximum(np.where(similarity == top, second, top), 0)
    known = np.where(np.isfinite(similarity), similarity, -1)
    logit = BIAS + BY_SIMILARITY * known + BY_LEAD * (known - rival) + shift
    return np.where(np.isfinite(similarity), 1 / (1 + np.exp(-np.clip(logit, -30, 30))), 0.0)
