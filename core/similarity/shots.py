"""Faces that nobody split: some of each character are drawn and enrolled, the others ask."""

from __future__ import annotations

import numpy as np


def drawn_split(
    names: np.ndarray, *, shots: int = 5, rng: np.random.Generator | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows that ask and rows that are enrolled: `shots` of each character are drawn and enrolled, half of theirs where
    there are no more; a character with one face neither asks nor is enrolled. Without `rng` it is always the same draw.
    """
    rng, chosen = rng or np.random.default_rng(0), np.zeros(len(names), bool)
    for name in np.unique(names):
        own = np.flatnonzero(names == name)
        chosen[rng.choice(own, shots if len(own) > shots else len(own) // 2, replace=False)] = True
    asking = ~chosen & np.isin(names, names[chosen])
    return np.flatnonzero(asking), np.flatnonzero(chosen)
