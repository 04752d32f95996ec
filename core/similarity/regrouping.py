"""Grouping once more: what is left when every group was named, by a looser rule.

A strict rule makes pure groups but leaves out characters whose faces differ much. When the others have their names
and are out of the way, a looser rule finds those, and one name is enough for a dozen faces. Where it finds little, the
faces left are odd ones of many characters, and what still looks like a group is a mixture by chance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.similarity.clustering import group_faces
from core.similarity.naming import Naming
from core.similarity.questions import group_left

LOOSER = 0.65
"""The granularity."""
LEAST_COVERED = 0.13
"""Share of the faces left that the groups have to cover; with less they are not asked about."""
MOST = 5_000
"""Faces left, at most: a page waits for it, one second for so many."""


def regrouped(naming: Naming) -> Naming:
    """The same, with new groups of the unnamed faces where no group is left to ask about; once only.

    Faces that were pulled out of a group may join others, but make no group among themselves: such a mixture was seen.
    """
    left = np.array([int(i) for i in naming.unnamed if int(i) not in naming.non_faces], np.int64)
    if naming.regrouped or group_left(naming) or len(left) > MOST:
        return naming
    found = group_faces(
        naming.vectors[left],
        pictures=naming.pictures[left],
        others=naming.vectors[naming.owner >= 0],
        granularity=LOOSER,
    )
    every = (tuple(left[list(group.faces)].tolist()) for group in found.groups)
    groups = [faces for faces in every if not naming.loose.issuperset(faces)]
    if sum(map(len, groups)) < LEAST_COVERED * len(left):
        return replace(naming, regrouped=True)
    waiting = set(left.tolist())
    decided = [tuple(i for i in group if i not in waiting) for group in naming.groups]
    return replace(naming, groups=(*filter(None, decided), *groups), loose=naming.loose - waiting, regrouped=True)
