"""How likely each unnamed face is each named character: similarities turned into probabilities.

The similarity is that of recognition (core.similarity.scorer): half to the character's mean, half to its nearest face.
Beside it stand the vote of the nearest faces and a kernel ridge regression on all names given so far, which learns what
tells these characters apart. A logistic curve, fitted on the answers of simulated users to sets of faces that the
encoder has not seen (docs/groups.md), makes a probability of the three; the answers of this user move the curve. A face
that is near faces of strangers is less likely anybody than one that is as near to a character and far from them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from core.similarity.neighbours import Neighbours
from core.similarity.probability import logistic
from core.similarity.prototypes import l2_normalize

BIAS, WEIGHTS = -4.5, np.array([2.0, 2.0, 7.0])
"""The logistic curve: its constant, and the weights of what `evidence` returns."""
STRANGERS = 6.0
"""How much in logits a face is less likely anybody by each 1 that it is stranger than the heap's usual face."""
NEAREST_STRANGERS = 10
RIDGE, SHARPNESS = 0.1, 2.0
"""Of the kernel ridge regression: its penalty, and its kernel exp(sharpness (cosine - 1))."""
REFERENCES = 800
"""Named and ignored faces that the regression learns from at most: its time grows with their cube."""
PRIOR = 6.0
"""So many answers' worth of trust in the fitted curve."""
MOST_SHIFT = 4.0
"""By how much (in logits) the answers can move the curve."""
LEAST_WEIGHT = 0.2
"""Cubed similarities of the neighbours of a face that is near nobody: their vote counts in proportion."""
ROWS = 4096

Answers = tuple[float, float]
"""How many more faces were right than expected, and how much the answers could tell: the sum of p (1 - p)."""
NO_ANSWERS: Answers = (0.0, 0.0)


@dataclass(frozen=True)
class Likelihood:
    """faces int (u,): the unnamed ones. similarity float32 (u, c): to each character, -1 to 1, -inf where denied.
    probability float (u, c): that the face is that character; 0 where it was denied. row: face -> its row."""

    faces: np.ndarray
    similarity: np.ndarray
    probability: np.ndarray
    row: dict[int, int]

    def learned(self, right: np.ndarray, wrong: np.ndarray, place: int, answers: Answers) -> Answers:
        """The answers with these two added: faces that are this character, and faces that are not.

        Only faces that look like this character more than like any other teach anything about the curve.
        """
        surplus, weight = answers
        if place >= self.probability.shape[1]:
            return answers
        best, _ = self.best()
        for faces, truth in ((right, 1.0), (wrong, 0.0)):
            rows = [self.row[int(i)] for i in faces if int(i) in self.row]
            p = self.probability[[r for r in rows if best[r] == place], place]
            surplus, weight = surplus + float((truth - p).sum()), weight + float((p * (1 - p)).sum())
        return surplus, weight

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
    *,
    neighbours: Neighbours,
    groups: Sequence[Sequence[int]] = (),
    denied: Collection[tuple[int, int]] = (),
    answers: Answers = NO_ANSWERS,
    strangeness: np.ndarray | None = None,
) -> Likelihood:
    """From centred unit vectors (n, d), the owner of each (-1 unnamed, -2 ignored), and the groups of unnamed faces.

    A face of a group is judged half by itself and half by the group's mean. Ignored faces speak against everybody.
    strangeness (n,): as `Naming` has it; None where no strangers are known.
    """
    faces = np.flatnonzero(owner == -1)
    row = {int(face): i for i, face in enumerate(faces)}
    similarity = np.full((len(faces), characters), -1.0, np.float32)
    for place in range(characters):
        own = vectors[owner == place]
        if len(own):
            similarity[:, place] = _similarity(vectors[faces], own)
    evidence = [similarity, _vote(neighbours, owner, faces, characters), _ridge(vectors, owner, faces, characters)]
    strange = np.zeros(len(faces)) if strangeness is None else strangeness[faces].astype(float)
    for group in groups:
        rows = [row[i] for i in group]
        for values in (*evidence, strange):
            values[rows] = (values[rows] + values[rows].mean(axis=0)) / 2
    logit = np.stack(evidence, axis=2) @ WEIGHTS + BIAS + _shift(answers) - STRANGERS * strange[:, None]
    probability = logistic(logit)
    for face, place in denied:
        if face in row and place < characters:
            similarity[row[face], place], probability[row[face], place] = -np.inf, 0.0
    return Likelihood(faces, similarity, probability, row)


def strangeness_of(vectors: np.ndarray, strangers: np.ndarray) -> np.ndarray:
    """Mean similarity of each of the unit vectors (n, d) to the ten nearest of (m, d), float32 (n,), -1 to 1.

    >>> strangeness_of(np.eye(2, dtype=np.float32), np.array([[1.0, 0.0]], np.float32)).tolist()
    [1.0, 0.0]
    """
    most = min(NEAREST_STRANGERS, len(strangers))
    found = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), ROWS):
        near = vectors[start : start + ROWS] @ strangers.T
        found[start : start + ROWS] = np.partition(near, -most, axis=1)[:, -most:].mean(axis=1)
    return found


def _similarity(asking: np.ndarray, own: np.ndarray) -> np.ndarray:
    return np.asarray((_nearest(asking, own) + asking @ l2_normalize(own.mean(axis=0))) / 2)


def _nearest(asking: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Similarity to the nearest of some vectors, minus infinity without any."""
    found = np.full(len(asking), -np.inf, np.float32)
    for start in range(0, len(asking) if len(own) else 0, ROWS):
        found[start : start + ROWS] = (asking[start : start + ROWS] @ own.T).max(axis=1)
    return found


def _vote(neighbours: Neighbours, owner: np.ndarray, faces: np.ndarray, characters: int) -> np.ndarray:
    """Share of each character among the nearest faces, named or not, weighted by similarity: float32 (u, c).

    Of a face that nobody is near the shares sum to less than 1: in a small workspace somebody is always nearest.
    """
    weight = np.maximum(neighbours.similarity[faces], 0) ** 3
    who = owner[neighbours.index[faces]]
    found = np.zeros((len(faces), characters), np.float32)
    rows, columns = np.nonzero(who >= 0)
    np.add.at(found, (rows, who[rows, columns]), weight[rows, columns])
    return np.asarray(found / np.maximum(weight.sum(axis=1, keepdims=True), LEAST_WEIGHT))


def _ridge(vectors: np.ndarray, owner: np.ndarray, faces: np.ndarray, characters: int) -> np.ndarray:
    """How much each character's a face is by kernel ridge regression (one against all, targets 1 and 0) on the faces
    that are named or ignored: float32 (u, c), about 0 to 1."""
    known = np.flatnonzero((owner >= 0) | (owner == -2))
    known = known[np.argsort(_rank(owner[known]), kind="stable")[:REFERENCES]]
    if not len(known) or not characters:
        return np.zeros((len(faces), characters), np.float32)
    own = vectors[known].astype(np.float64)
    kernel = np.exp(SHARPNESS * (own @ own.T - 1)) + RIDGE * np.eye(len(known))
    target = owner[known][:, None] == np.arange(characters)
    weights = np.linalg.solve(kernel, target.astype(np.float64)).astype(np.float32)
    found = np.empty((len(faces), characters), np.float32)
    for start in range(0, len(faces), ROWS):
        near = vectors[faces[start : start + ROWS]] @ own.astype(np.float32).T
        found[start : start + ROWS] = np.exp(SHARPNESS * (near - 1)) @ weights
    return found


def _rank(owner: np.ndarray) -> np.ndarray:
    """Which face of its owner each is, from 0.

    >>> _rank(np.array([3, 0, 3, 3, 0])).tolist()
    [0, 0, 1, 2, 1]
    """
    order = np.argsort(owner, kind="stable")
    first = np.searchsorted(owner[order], owner[order])
    found = np.empty(len(owner), np.int64)
    found[order] = np.arange(len(owner)) - first
    return found


def _shift(answers: Answers) -> float:
    surplus, weight = answers
    return float(np.clip(surplus / (weight + PRIOR), -MOST_SHIFT, MOST_SHIFT))
