"""What several looks at one picture say together: the mean logit of the boxes that mean the same face.

A face looks like a face at more than one size and in the mirror; a butterfly does so at one of them. Seen at 0.8 of
the usual size and, mirrored, at the usual size, more faces are found at the same precision than by either or by both
views of one size (docs/detector.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.imaging.boxes import Box, Detection

SAME = 0.4
"""IoU from which boxes of two looks mean the same face."""


def logit(score: float) -> float:
    """ln(p / (1 - p)), bounded to 0.0001..0.9999.

    >>> logit(0.5)
    0.0
    """
    score = min(max(score, 1e-4), 1 - 1e-4)
    return math.log(score / (1 - score))


def sigmoid(value: float) -> float:
    """1 / (1 + exp(-value)).

    >>> sigmoid(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-value))


def agreed(looks: Sequence[Sequence[Detection]], *, unseen: float) -> list[Detection]:
    """One box for each face, best first: where the looks see it on average, and the mean of their logits.

    looks: the boxes of each look in pixels of the picture, one box a face. unseen: the score that counts for a look
    without a box there. The box is the mean of those found, weighted by score.

    >>> near, far = Detection(Box(1, 0, 10, 10), 0.8), Detection(Box(50, 0, 9, 9), 0.5)
    >>> both = agreed([[Detection(Box(0, 0, 10, 10), 0.8)], [near, far]], unseen=0.02)
    >>> [(d.box.x, round(d.score, 2)) for d in both]
    [(0.5, 0.8), (50.0, 0.13)]
    """
    free = [list(look) for look in looks]
    found: list[Detection] = []
    while any(free):
        seed = max((one for look in free for one in look), key=lambda d: d.score)
        same = [_taken(look, seed) for look in free]
        seen = [one for one in same if one is not None]
        score = sigmoid(sum(logit(one.score if one else unseen) for one in same) / len(looks))
        found.append(Detection(_mean([one.box for one in seen], [one.score for one in seen]), score, seed.detector))
    return sorted(found, key=lambda d: -d.score)


def _taken(look: list[Detection], seed: Detection) -> Detection | None:
    """The box of a look that means the same face, taken out of the list; None where there is none."""
    best = max(look, key=lambda d: d.box.iou(seed.box), default=None)
    if best is None or best.box.iou(seed.box) < SAME:
        return None
    look.remove(best)
    return best


def _mean(boxes: Sequence[Box], weights: Sequence[float]) -> Box:
    whole = sum(weights)

    def mean(values: Sequence[float]) -> float:
        return sum(value * weight for value, weight in zip(values, weights, strict=True)) / whole

    return Box(
        mean([b.x for b in boxes]), mean([b.y for b in boxes]), mean([b.w for b in boxes]), mean([b.h for b in boxes])
    )
