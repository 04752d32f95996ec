"""The nearest characters and faces by an index of another engine, equal to what comparing with every face says.

The index holds the enrolled faces less a centre that it keeps: the gallery's centre moves a little with every
enrolment, and not every vector is to be written again for that. So what it finds is compared once more with today's
centre, and how far a face that it did not find can be above its order is known: the distance of the two centres. Only
what may still be among the nearest is looked up; a query about which the index says too little is compared with every
face.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from core.scale.index import Index
from core.similarity.metrics import cosine
from core.similarity.prototypes import centred
from core.similarity.scorer import CharacterScorer, Nearest, mixed

FOUND = 128
"""Faces that the index is asked for."""
ROUNDING = 1e-4
"""By how much the similarities of two engines may differ."""


class Search(Protocol):
    """What answers who is nearest: CharacterScorer, or an index."""

    @property
    def names(self) -> tuple[str, ...]: ...

    @property
    def centre(self) -> np.ndarray: ...

    def top(self, queries: np.ndarray, *, characters: int, faces: int) -> Nearest: ...


@dataclass(frozen=True)
class IndexedScorer:
    """enrolled: the same faces, ready to be compared with. ids int64 (n,): of the faces, in enrolled order. centre_held
    (d,): what was subtracted from the vectors that the index holds."""

    enrolled: CharacterScorer
    index: Index
    ids: np.ndarray
    centre_held: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        return self.enrolled.names

    @property
    def centre(self) -> np.ndarray:
        return self.enrolled.centre

    @cached_property
    def slack(self) -> float:
        """By how much a face's similarity can exceed the one by the vector that the index holds.

        Two vectors a and b brought to length 1 lie at most 2 |a - b| / (|a| + |b|) apart (Dunkl and Williams 1964).
        """
        moved = float(np.linalg.norm(self.centre - self.centre_held))
        shortest = 1 - max(float(np.linalg.norm(self.centre)), float(np.linalg.norm(self.centre_held)))
        return ROUNDING if moved == 0 else ROUNDING + min(moved / max(shortest, 1e-3), 2.0)

    def top(self, queries: np.ndarray, *, characters: int, faces: int) -> Nearest:
        """As CharacterScorer.top."""
        asked = centred(queries, self.centre)
        hits = self.index.search(asked, max(FOUND, faces))
        exact = self.enrolled
        whole = len(self.ids) <= hits.ids.shape[1]
        rows = []
        for query, ids, similarity in zip(asked, hits.ids, hits.similarity, strict=True):
            bound = -np.inf if whole else float(similarity[-1]) + self.slack
            found = self._places[np.searchsorted(self._sorted_ids, ids[ids >= 0])]
            rows.append(self._top(query, found, bound, characters, faces))
        if not rows:
            return exact.top(queries, characters=characters, faces=faces)
        doubtful = [n for n, row in enumerate(rows) if row is None]
        again = exact.top(queries[doubtful], characters=characters, faces=faces) if doubtful else None
        parts = []
        for n, row in enumerate(rows):
            if row is None:
                assert again is not None
                at = doubtful.index(n)
                row = tuple(getattr(again, name)[at] for name in again.__dataclass_fields__)
            parts.append(row)
        return Nearest(*(np.stack(columns) for columns in zip(*parts, strict=True)))

    def _top(
        self, query: np.ndarray, found: np.ndarray, bound: float, characters: int, faces: int
    ) -> tuple[np.ndarray, ...] | None:
        """The answer to one centred query by the rows that were found; None where the index found too little.

        bound: no row that was not found is more similar.
        """
        exact = self.enrolled
        similarity = exact.faces[found] @ query
        order = np.lexsort((found, -similarity))[:faces]
        wanted = min(faces, len(self.ids))
        if len(order) < wanted or (wanted and similarity[order[-1]] < bound):
            return None
        nearest = np.full(len(exact.names), -np.inf, np.float32)
        np.maximum.at(nearest, exact.owner[found], similarity)
        means = cosine(query[None], exact.prototypes)[0]
        known = nearest >= bound
        score = np.where(known, mixed(nearest, means), -np.inf)
        at_most = mixed(np.full_like(means, bound), means)
        wanted = min(characters, len(exact.names))
        for character in np.argsort(-at_most, kind="stable"):  # those that may still be among the nearest
            if at_most[character] < np.partition(score, -wanted)[-wanted]:
                break
            if not known[character]:
                own = exact.faces[exact.starts[character] : self._ends[character]]
                score[character] = mixed((own @ query).max(), means[character])
        best = np.argsort(-score, kind="stable")[:wanted]
        return best, score[best].astype(np.float32), exact.order[found[order]], similarity[order].astype(np.float32)

    @cached_property
    def _ends(self) -> np.ndarray:
        return np.append(self.enrolled.starts[1:], len(self.enrolled.owner))

    @cached_property
    def _sorted_ids(self) -> np.ndarray:
        return np.sort(self.ids)

    @cached_property
    def _places(self) -> np.ndarray:
        """The row in `enrolled.faces` of each id, in the order of the ids."""
        row = np.empty(len(self.ids), np.int64)
        row[self.enrolled.order] = np.arange(len(self.ids))
        return row[np.argsort(self.ids)]
