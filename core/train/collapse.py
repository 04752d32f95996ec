"""Notices when all embeddings become one point: the known failure of triplet training."""

from __future__ import annotations

import math
from collections import deque

WARNING = (
    "The embeddings have collapsed: all faces get nearly the same vector. Lower the learning rate, switch "
    "cross-entropy on, or begin with batch-all."
)


class CollapseWatch:
    """Watches the triplet loss and the spread of the embeddings over the last `steps` steps.

    Collapsed: the loss stays within 1 % of the margin (soft margin: of ln 2), which is its value where all distances
    are equal; or the spread, sqrt(1 - |mean unit vector|^2), stays under 0.03 (0 = one point, 1 = all around).
    """

    def __init__(self, margin: float | None, steps: int = 20, *, learned: bool = True):
        self.stuck_at = math.log(2) if margin is None else margin
        self.learned = learned  # whether the triplet loss is in use at all
        self.recent: deque[bool] = deque(maxlen=steps)

    def update(self, triplet: float, spread: float) -> bool:
        """Take one step in; whether the last `steps` all look collapsed."""
        stuck = self.learned and abs(triplet - self.stuck_at) < 0.01 * self.stuck_at
        self.recent.append(stuck or spread < 0.03)
        return len(self.recent) == self.recent.maxlen and all(self.recent)
