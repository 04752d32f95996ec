"""A face that looks like many strangers needs more similarity to be named, and one that looks like few needs less.

Some faces are near to everybody; what such a face scores with an enrolled character says less. So the level of a face,
its mean similarity to the nearest faces of a bank of strangers, is compared with the level that the bank's own faces
have, and a part of the difference is what the face needs beyond the threshold. In speaker verification this is
normalisation by a cohort (T-norm, Auckenthaler et al. 2000; the nearest of the cohort: Sturim and Reynolds 2005). The
level depends on the face alone: which character is the nearest, and by how much it leads, stays as it is.

docs/verdict.md has what it gains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.similarity.metrics import cosine

WEIGHT = 0.6
"""The part of a face's level above the usual one that it needs beyond the threshold."""
NEAREST = 50
"""So many of the nearest faces of the bank make the level."""
CHUNK = 512


@dataclass(frozen=True)
class Cohort:
    """The strangers that a face is compared with.

    faces: unit float32 (m, d). own float32 (m,): what each of them needs itself beyond the threshold, on average 0.
    usual: the mean level of these faces, each without itself.
    """

    faces: np.ndarray
    own: np.ndarray
    usual: float

    @classmethod
    def of(cls, faces: np.ndarray) -> Cohort:
        """From unit faces (m, d) of strangers, m at least 2, by the encoder whose faces will ask."""
        levels = np.concatenate([_levels(faces[at : at + CHUNK], faces, at) for at in range(0, len(faces), CHUNK)])
        usual = float(levels.mean())
        return cls(faces, WEIGHT * (levels - usual), usual)

    def beyond(self, vectors: np.ndarray) -> np.ndarray:
        """What unit vectors (q, d) need beyond the threshold, less than 0 where it is less: float32 (q,)."""
        parts = [_levels(vectors[at : at + CHUNK], self.faces) for at in range(0, len(vectors), CHUNK)]
        return WEIGHT * (np.concatenate([*parts, np.empty(0, np.float32)]) - self.usual)


def beyond(vectors: np.ndarray, cohort: Cohort | None) -> np.ndarray:
    """The same; 0 for each where there is no cohort."""
    return np.zeros(len(vectors), np.float32) if cohort is None else cohort.beyond(vectors)


def _levels(vectors: np.ndarray, faces: np.ndarray, itself: int | None = None) -> np.ndarray:
    """Mean cosine (q,) of vectors to their nearest faces; itself: the place in `faces` of the first, which is each
    vector itself, and does not count."""
    similarity = cosine(vectors, faces)
    others = len(faces)
    if itself is not None:
        rows = np.arange(len(vectors))
        similarity[rows, itself + rows] = -np.inf
        others -= 1
    near = min(NEAREST, others)
    similarity.partition(len(faces) - near, axis=1)
    return np.asarray(similarity[:, -near:].mean(axis=1))
