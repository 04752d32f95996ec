"""What a person has said of faces that were recognised wrongly, as vectors: it outweighs a similarity.

A query that is nearer to a corrected face than it is similar to a character is not given the name that was corrected.
On 23 galleries of unseen characters one such correction of each stranger left a quarter of the strangers named
(1.1 -> 0.3 % at 1 %, 4.3 -> 1.1 % at 5 %) and cost 0.4 and 1.2 of 100 known faces (docs/verdict.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.errors import DataError
from core.similarity.metrics import cosine
from core.similarity.prototypes import centred

NOBODY, NO_FACE = "not in your cast", "not a face"


@dataclass(frozen=True)
class Corrections:
    """m corrected faces: unit embeddings float32 (m, d) and ids; `denied`: the characters that each is not;
    `nobody`: NOBODY or NO_FACE where it shows nobody of the cast or no face at all, else ""."""

    embeddings: np.ndarray
    faces: tuple[str, ...]
    denied: tuple[frozenset[str], ...]
    nobody: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "embeddings", np.ascontiguousarray(self.embeddings, np.float32))
        if not len(self.embeddings) == len(self.faces) == len(self.denied) == len(self.nobody):
            raise DataError(
                f"Corrections need an id, denied names and a word for each face, got {len(self.embeddings)} faces, "
                f"{len(self.faces)} ids, {len(self.denied)} sets of names and {len(self.nobody)} words."
            )

    @classmethod
    def none(cls, dim: int) -> Corrections:
        """Nobody has corrected anything."""
        return cls(np.empty((0, dim), np.float32), (), (), ())

    def __len__(self) -> int:
        return len(self.faces)

    @cached_property
    def names(self) -> frozenset[str]:
        """Characters that some face is not."""
        return frozenset().union(*self.denied)

    def heard(self, queries: np.ndarray, centre: np.ndarray) -> list[Objection]:
        """What the corrections say of each query, unit vectors (q, d) before `centre` is subtracted."""
        if not len(self):
            return [Objection()] * len(queries)
        similarity = cosine(centred(queries, centre), centred(self.embeddings, centre))
        return [self._objection(row) for row in similarity]

    def _objection(self, similarity: np.ndarray) -> Objection:
        against: dict[str, float] = {}
        nobody, word = -1.0, ""
        for near, names, said in zip(similarity.tolist(), self.denied, self.nobody, strict=True):
            against |= {name: near for name in names if near > against.get(name, -1.0)}
            if said and near > nobody:
                nobody, word = near, said
        return Objection(against, nobody, word)


@dataclass(frozen=True, slots=True)
class Objection:
    """Of one query: its similarity to the nearest face that is not a character, by name, and to the nearest face that
    is nobody (-1 where there is none), with the word for that."""

    against: dict[str, float] | None = None
    nobody: float = -1.0
    word: str = ""

    def denies(self, character: str, similarity: float) -> bool:
        """Whether a query this similar to a character is nearer to a face that a person said is not it."""
        return similarity < (self.against or {}).get(character, -1.0)

    def is_nobody(self, similarity: float) -> bool:
        """Whether the query is nearer to a face of nobody than it is similar to its best character."""
        return bool(self.word) and similarity < self.nobody
