"""What the recogniser would say of faces whose character is known, each asked as if it were not enrolled itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.recognise.threshold import Threshold
from core.similarity.scorer import CharacterScorer

RIGHT, WRONG, UNSURE, UNKNOWN = "match", "match with another character", "unsure", "unknown"
KNOWN_VERDICTS = (RIGHT, WRONG, UNSURE, UNKNOWN)
"""The verdicts on a face of a known character; `match`: with that character."""


def known_verdicts(embeddings: np.ndarray, labels: Sequence[str], threshold: Threshold) -> list[str]:
    """A verdict on each of the unit embeddings (n, d) of faces with these characters, the face itself left out.

    The rules are those of core.recognise.verdict.decide_verdict; corrections are not heard. A character's only face has
    no other to be compared with, and is judged by the other characters alone. Takes n * n comparisons.
    """
    if not len(embeddings):
        return []
    similarity, owner = CharacterScorer.of(embeddings, labels).leave_one_out()
    best = similarity.argmax(axis=1)
    rows = np.arange(len(best))
    top = similarity[rows, best]
    others = similarity.copy()
    others[rows, best] = -np.inf
    with np.errstate(invalid="ignore"):  # one face alone: -inf ahead of -inf
        lead = top - others.max(axis=1)
    found = np.where(best == owner, RIGHT, WRONG).astype(object)
    found[(top < threshold.match) | (lead < threshold.margin)] = UNSURE
    found[top < threshold.unsure] = UNKNOWN
    return [str(one) for one in found]
