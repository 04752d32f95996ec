"""What the recogniser would say of faces whose character is known, each asked as if it were not enrolled itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.recognise.threshold import Threshold
from core.recognise.verdict import MATCH, UNKNOWN, UNSURE, judge
from core.similarity.scorer import CharacterScorer

WRONG = "match with another character"
KNOWN_VERDICTS = (MATCH, WRONG, UNSURE, UNKNOWN)
"""The verdicts on a face of a known character; `match`: with that character."""


def known_verdicts(embeddings: np.ndarray, labels: Sequence[str], threshold: Threshold) -> list[str]:
    """A verdict on each of the unit embeddings (n, d) of faces with these characters, the face itself left out.

    Corrections are not heard. A character's only face has
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
    verdicts = judge(top, lead, threshold, threshold.beyond(embeddings))
    return [
        WRONG if said == MATCH and not own else str(said) for said, own in zip(verdicts, best == owner, strict=True)
    ]
