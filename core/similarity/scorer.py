"""How near a face is to each enrolled character: half by the character's mean, half by its nearest face.

The mean is steady with few faces, the nearest face knows outfits and styles. On 27 characters that an encoder had never
seen, 3 to 24 faces each, the two together named 1 to 5 of 100 faces more than the mean alone and left fewer
strangers above the threshold; subtracting the mean of all characters helped again (as in SimpleShot, arXiv 1911.04623).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.similarity.metrics import Labels, cosine
from core.similarity.prototypes import centred, l2_normalize, prototypes

NEAREST = 0.5
"""Weight of the nearest face; the rest is the prototype's."""
CENTRE_FROM = 5
"""With c characters, c / (c + 5) of their common mean is subtracted: the mean of one or two is no common mean."""


@dataclass(frozen=True)
class CharacterScorer:
    """Faces sorted by character, ready to be compared with.

    names (c,); owner int (n,): the row's character; order int (n,): the row's place in what was enrolled; faces (n, d)
    and prototypes (c, d): unit, centred; centre (d,): what was subtracted.
    """

    names: tuple[str, ...]
    owner: np.ndarray
    order: np.ndarray
    faces: np.ndarray
    prototypes: np.ndarray
    centre: np.ndarray

    @classmethod
    def of(cls, embeddings: np.ndarray, labels: Labels) -> CharacterScorer:
        """From unit embeddings (n, d) and their characters, n at least 1."""
        embeddings = np.asarray(embeddings, np.float32)
        names, means = prototypes(embeddings, labels)
        centre = means.mean(axis=0) * len(names) / (len(names) + CENTRE_FROM)
        place = {name: k for k, name in enumerate(names)}
        owner = np.array([place[str(label)] for label in labels], int)
        order = np.argsort(owner, kind="stable")
        faces = centred(embeddings[order], centre)
        owner = owner[order]
        return cls(names, owner, order, faces, prototypes(faces, owner)[1], centre)

    def to_faces(self, queries: np.ndarray) -> np.ndarray:
        """Similarity of unit queries (q, d) to each face, in the order they were enrolled in: (q, n)."""
        found = np.empty((len(queries), len(self.order)), np.float32)
        found[:, self.order] = self._to_sorted(queries)
        return found

    def class_similarity(self, queries: np.ndarray) -> np.ndarray:
        """Similarity of unit queries (q, d) to each character, -1 to 1: (q, c)."""
        starts = np.searchsorted(self.owner, np.arange(len(self.names)))
        nearest = np.maximum.reduceat(self._to_sorted(queries), starts, axis=1)
        by_mean = cosine(centred(queries, self.centre), self.prototypes)
        return NEAREST * nearest + (1 - NEAREST) * by_mean

    def leave_one_out(self) -> tuple[np.ndarray, np.ndarray]:
        """Each enrolled face (in enrolled order) asked to the others: similarities (n, c) to characters, and n's owner.

        To its own character by a mean and a nearest face that it had no part in; -inf where it is the only one.
        """
        starts = np.searchsorted(self.owner, np.arange(len(self.names)))
        pairs = cosine(self.faces, self.faces)
        np.fill_diagonal(pairs, -np.inf)
        found = NEAREST * np.maximum.reduceat(pairs, starts, axis=1) + (1 - NEAREST) * cosine(
            self.faces, self.prototypes
        )
        for number, start in enumerate(starts):
            own = np.arange(start, start + np.count_nonzero(self.owner == number))
            if len(own) < 2:
                continue
            rest = l2_normalize(self.faces[own].sum(axis=0) - self.faces[own])
            by_mean = np.sum(rest * self.faces[own], axis=1)
            found[own, number] = NEAREST * pairs[np.ix_(own, own)].max(axis=1) + (1 - NEAREST) * by_mean
        back = np.argsort(self.order)
        return found[back], self.owner[back]

    def _to_sorted(self, queries: np.ndarray) -> np.ndarray:
        return cosine(centred(queries, self.centre), self.faces)
