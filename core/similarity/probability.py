"""The probability that the nearest character is the right one, and how well such probabilities keep their word.

Logistic regression of the verdict (Platt 1999, "Probabilistic outputs for support vector machines") on two figures that
mean the same in every gallery: the log-likelihood ratio of the best similarity between the enrolled characters' own
faces and strangers, both taken as normal with the strangers' spread, and the lead over the second-best character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RATIO, LEAD, CONSTANT = 0.79, 0.26, -1.09
"""Weights fitted on 23 galleries of characters that no training had seen, as many known faces as strangers asking; left
out in turn, each source was told with an expected calibration error of .018 to .092, on average .048."""
USUAL_SEPARATION = 2.6
"""How many of the strangers' spreads a known face usually lies above them ..."""
SEPARATION_WEIGHT = 10
"""... which counts as much as so many of the gallery's own faces."""
SMALLEST_SEPARATION = 0.3


def logistic(logit: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-x), which overflows for no x.

    >>> logistic(np.array([-1000, 0, 1000])).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.asarray((1 + np.tanh(np.asarray(logit) / 2)) / 2)


@dataclass(frozen=True)
class MatchProbability:
    """mean, spread: of strangers' similarities to their best character; separation: in spreads, how far above the mean
    the similarities of known faces to their own lie."""

    mean: float
    spread: float
    separation: float

    @classmethod
    def of(cls, genuine: np.ndarray, impostor: np.ndarray) -> MatchProbability:
        """From similarities of known faces to their own character (may be empty) and of strangers to their best.

        Strangers of mean 0.2 and spread 0.1 and ten known faces of mean 0.6 give (4 x 10 + 2.6 x 10) / 20 = 3.3.
        """
        mean, spread = float(np.mean(impostor)), max(float(np.std(impostor)), 1e-3)
        n = len(genuine)
        apart = (float(np.sum(genuine)) - n * mean) / spread
        separation = (apart + SEPARATION_WEIGHT * USUAL_SEPARATION) / (n + SEPARATION_WEIGHT)
        return cls(mean, spread, max(separation, SMALLEST_SEPARATION))

    def __call__(self, similarity: np.ndarray, lead: np.ndarray) -> np.ndarray:
        """Probability float (q,) for best similarities (q,) and their leads over the second-best (q,)."""
        above = (np.asarray(similarity, float) - self.mean) / self.spread
        ratio = self.separation * (above - self.separation / 2)
        lead = np.clip(np.asarray(lead, float), 0.0, 2.0) / self.spread
        return logistic(RATIO * ratio + LEAD * lead + CONSTANT)


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """Answers told with a probability from `low` to `high`: their share of all, mean probability, and share right."""

    low: float
    high: float
    share: float
    told: float
    right: float


def reliability(
    probability: np.ndarray, right: np.ndarray, weights: np.ndarray | None = None, bins: int = 10
) -> list[ReliabilityRow]:
    """The reliability table of probabilities (q,) and what was right, bool (q,); empty bins are left out."""
    probability, right = np.asarray(probability, float), np.asarray(right, float)
    weights = np.ones(len(probability)) if weights is None else np.asarray(weights, float)
    place = np.minimum((probability * bins).astype(int), bins - 1)
    rows = []
    for number in range(bins):
        here = place == number
        total = weights[here].sum()
        if total > 0:
            told, held = (float(np.dot(weights[here], values[here]) / total) for values in (probability, right))
            rows.append(ReliabilityRow(number / bins, (number + 1) / bins, float(total / weights.sum()), told, held))
    return rows


def expected_calibration_error(rows: Sequence[ReliabilityRow]) -> float:
    """Mean over all answers of how far told and right differ in their bin (Guo et al., arXiv 1706.04599).

    >>> expected_calibration_error(reliability(np.array([0.8, 0.8, 0.2, 0.2]), np.array([1, 1, 0, 0])))
    0.2
    """
    return round(sum(row.share * abs(row.told - row.right) for row in rows), 12)
