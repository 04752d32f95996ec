"""How near a face is to each enrolled character: half by the character's mean, half by its nearest face.

The mean is steady with few faces, the nearest face knows outfits and styles. On 27 characters that an encoder had never
seen, 3 to 24 faces each, the two together named 1 to 5 of 100 faces more than the mean alone and left fewer
strangers above the threshold; subtracting the mean of all characters helped again (as in SimpleShot, arXiv 1911.04623).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.similarity.metrics import Labels, cosine
from core.similarity.prototypes import centred, l2_normalize, prototypes
from core.similarity.topk import TopK

NEAREST = 0.5
"""Weight of the nearest face; the rest is the prototype's."""
CENTRE_FROM = 5
"""With c characters, c / (c + 5) of their common mean is subtracted: the mean of one or two is no common mean."""

BLOCK = 16_384
"""Faces compared at once: what a block of similarities takes then stays in a processor's cache."""
QUERIES = 256
"""Queries compared at once."""


def mixed(nearest: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """The similarity to a character: of its nearest face, and of its mean, by their weights."""
    return NEAREST * nearest + (1 - NEAREST) * mean


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
        owner = np.unique(np.asarray(labels), return_inverse=True)[1]
        order = np.argsort(owner, kind="stable")
        faces = centred(embeddings[order], centre)
        owner = owner[order]
        return cls(names, owner, order, faces, prototypes(faces, owner)[1], centre)

    @cached_property
    def starts(self) -> np.ndarray:
        """The first row of each character, int (c,)."""
        return np.searchsorted(self.owner, np.arange(len(self.names)))

    def top(self, queries: np.ndarray, *, characters: int, faces: int) -> Nearest:
        """The nearest characters and faces of unit queries (q, d), without a matrix of all similarities."""
        starts = range(0, len(queries), QUERIES) or (0,)
        parts = [self._top(queries[start : start + QUERIES], characters, faces) for start in starts]
        return Nearest(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def class_similarity(self, queries: np.ndarray) -> np.ndarray:
        """Similarity of unit queries (q, d) to each character, -1 to 1: (q, c)."""
        queries = centred(queries, self.centre)
        nearest = np.empty((len(queries), len(self.names)), np.float32)
        for _, similarity, at in self._blocks(queries):
            nearest[:, at] = np.maximum.reduceat(similarity, self.starts[at] - self.starts[at.start], axis=1)
        return mixed(nearest, cosine(queries, self.prototypes))

    def leave_one_out(self, asked: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Enrolled faces asked to the others: similarities float32 (a, c) to the characters, and the owner of each.

        To its own character by a mean and a nearest face that it had no part in; -inf where it is the only one.
        asked int (a,): their places in what was enrolled; None: all, in enrolled order. Takes a * n comparisons.
        """
        asked = np.arange(len(self.owner)) if asked is None else asked
        parts = list(self.leave_one_out_parts(asked))
        found = np.concatenate([similarity for similarity, _ in parts] or [np.empty((0, len(self.names)), np.float32)])
        return found, np.concatenate([owner for _, owner in parts] or [self.owner[:0]])

    def leave_one_out_parts(self, asked: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The same in parts of at most QUERIES faces, so that not all similarities are held at once."""
        row_of = np.empty(len(self.order), np.int64)
        row_of[self.order] = np.arange(len(self.order))
        totals = np.add.reduceat(self.faces, self.starts, axis=0)
        for start in range(0, len(asked), QUERIES):
            rows = row_of[asked[start : start + QUERIES]]
            faces, owner, each = self.faces[rows], self.owner[rows], np.arange(len(rows))
            pairs = cosine(faces, self.faces)
            pairs[each, rows] = -np.inf
            means = cosine(faces, self.prototypes)
            means[each, owner] = np.sum(l2_normalize(totals[owner] - faces) * faces, axis=1)
            yield mixed(np.maximum.reduceat(pairs, self.starts, axis=1), means), owner

    def spread(self, most: int) -> np.ndarray:
        """Places int (at most `most`,) of faces in what was enrolled, evenly over all of them by character; all, in
        enrolled order, where there are no more."""
        if len(self.order) <= most:
            return np.arange(len(self.order))
        found: np.ndarray = self.order[np.linspace(0, len(self.order) - 1, most).astype(int)]
        return found

    def _top(self, queries: np.ndarray, characters: int, faces: int) -> tuple[np.ndarray, ...]:
        queries = centred(queries, self.centre)
        best, nearest = TopK(len(queries), faces), np.empty((len(queries), len(self.names)), np.float32)
        for first, similarity, at in self._blocks(queries):
            best.offer(similarity, first)
            nearest[:, at] = np.maximum.reduceat(similarity, self.starts[at] - first, axis=1)
        by_character = TopK(len(queries), characters)
        by_character.offer(mixed(nearest, cosine(queries, self.prototypes)), 0)
        return by_character.places, by_character.values, self.order[best.places], best.values

    def _blocks(self, queries: np.ndarray) -> Iterator[tuple[int, np.ndarray, slice]]:
        """(first row, similarities (q, rows), the characters whose rows they are), whole characters at a time."""
        character = 0
        while character < len(self.names):
            first = int(self.starts[character])
            after = max(int(np.searchsorted(self.starts, first + BLOCK, side="right")) - 1, character + 1)
            if first + BLOCK >= len(self.faces):
                after = len(self.names)
            end = int(self.starts[after]) if after < len(self.names) else len(self.faces)
            yield first, cosine(queries, self.faces[first:end]), slice(character, after)
            character = after


@dataclass(frozen=True)
class Nearest:
    """Of each of q queries the nearest k characters and m faces, best first.

    characters int (q, k): places in `names`; faces int (q, m): places in what was enrolled; their similarities float32
    (q, k) and (q, m). k and m are smaller where fewer are enrolled.
    """

    characters: np.ndarray
    character_similarity: np.ndarray
    faces: np.ndarray
    face_similarity: np.ndarray
