"""How good a grouping is: B-cubed precision and recall, purity and coverage.

B-cubed (Bagga and Baldwin 1998): for each face, which share of its group is of its character (precision), and which
share of its character is in its group (recall); the means over the faces. A face without a group is a group of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class GroupingQuality:
    """precision, recall: B-cubed, 0 to 1. purity: share of the grouped faces that are of their group's most frequent
    character. coverage: share of all faces that are in a group. groups: how many."""

    precision: float
    recall: float
    purity: float
    coverage: float
    groups: int


def grouping_quality(groups: Sequence[Sequence[int]], truth: Sequence[str]) -> GroupingQuality:
    """Groups as indices of faces, none in two; truth: the character of each of the n faces.

    >>> grouping_quality([[0, 1, 2]], ["a", "a", "b", "b"])
    GroupingQuality(precision=0.6666666666666666, recall=0.75, purity=0.6666666666666666, coverage=0.75, groups=1)
    """
    _, own = np.unique(np.asarray(truth), return_inverse=True)
    n = len(own)
    if n == 0:
        return GroupingQuality(1.0, 1.0, 1.0, 0.0, 0)
    group = len(groups) + np.arange(n)
    for number, members in enumerate(groups):
        group[np.asarray(members, int)] = number
    grouped = int((group < len(groups)).sum())
    _, group = np.unique(group, return_inverse=True)
    pair = own.astype(np.int64) * n + group
    _, place, together = np.unique(pair, return_inverse=True, return_counts=True)
    both = together[place]
    precision = float((both / np.bincount(group)[group]).mean())
    recall = float((both / np.bincount(own)[own]).mean())
    right = sum(int(np.bincount(own[np.asarray(members, int)]).max()) for members in groups)
    return GroupingQuality(precision, recall, right / grouped if grouped else 1.0, grouped / n, len(groups))
