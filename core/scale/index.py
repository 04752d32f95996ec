"""Enrolled faces as an index that is searched: exact in memory, or another engine behind the same few functions.

An index is a cache. Who is enrolled under which name is in the catalogue; `follow` makes an index hold exactly that, so
that enrolments, undo, renames and merges reach it by construction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.errors import DataError
from core.similarity.topk import TopK

BLOCK = 16_384
"""Faces compared at once."""


@dataclass(frozen=True)
class IndexedFaces:
    """n faces: ids int64 (n,), unit vectors float32 (n, d), and each one's character and series ("" for none)."""

    ids: np.ndarray
    vectors: np.ndarray
    characters: tuple[str, ...]
    series: tuple[str, ...]

    def __post_init__(self) -> None:
        lengths = {len(self.ids), len(self.vectors), len(self.characters), len(self.series)}
        if len(lengths) != 1 or self.vectors.ndim != 2:
            raise DataError(f"Ids, vectors (n, d), characters and series must be of one length, got {sorted(lengths)}.")

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, chosen: Sequence[int] | np.ndarray) -> IndexedFaces:
        """Those at these places."""
        characters, series = (tuple(words[i] for i in chosen) for words in (self.characters, self.series))
        places = np.asarray(chosen, np.int64)
        return IndexedFaces(self.ids[places], self.vectors[places], characters, series)

    def stamps(self) -> dict[int, str]:
        """A short digest of all that an index holds of a face, by id."""
        found = {}
        for i, vector, character, series in zip(
            self.ids.tolist(), self.vectors, self.characters, self.series, strict=True
        ):
            words = f"{character}\0{series}\0".encode() + np.ascontiguousarray(vector, "<f4").tobytes()
            found[i] = hashlib.sha256(words).hexdigest()[:16]
        return found


@dataclass(frozen=True)
class Hits:
    """The nearest faces of q queries, best first: ids int64 (q, k), -1 where there are fewer, and cosines (q, k)."""

    ids: np.ndarray
    similarity: np.ndarray


class Index(Protocol):
    """What every engine offers."""

    def add(self, faces: IndexedFaces) -> None:
        """Hold these faces; one whose id is held already is replaced."""

    def remove(self, ids: Iterable[int]) -> None:
        """Hold these no longer; ids that are not held are passed over."""

    def search(self, queries: np.ndarray, k: int, *, series: str | None = None) -> Hits:
        """The k faces (of a series) with the highest cosine to each of the unit queries (q, d)."""

    def count(self) -> int:
        """Faces held."""

    def stamps(self) -> dict[int, str]:
        """As IndexedFaces.stamps, of what is held."""


class ExactIndex:
    """All vectors in memory, every one compared: the default, and what other engines are measured by."""

    def __init__(self, dim: int):
        self.faces = IndexedFaces(np.empty(0, np.int64), np.empty((0, dim), np.float32), (), ())

    def add(self, faces: IndexedFaces) -> None:
        self.remove(faces.ids.tolist())
        old = self.faces
        self.faces = IndexedFaces(
            np.concatenate([old.ids, faces.ids]),
            np.concatenate([old.vectors, np.asarray(faces.vectors, np.float32)]),
            old.characters + faces.characters,
            old.series + faces.series,
        )

    def remove(self, ids: Iterable[int]) -> None:
        gone = np.isin(self.faces.ids, list(ids))
        if gone.any():
            self.faces = self.faces.rows(np.flatnonzero(~gone))

    def search(self, queries: np.ndarray, k: int, *, series: str | None = None) -> Hits:
        own = self.faces
        if series is not None:
            own = own.rows([i for i, one in enumerate(own.series) if one == series])
        best = TopK(len(queries), k)
        for first in range(0, len(own), BLOCK):
            best.offer(np.asarray(queries, np.float32) @ own.vectors[first : first + BLOCK].T, first)
        ids = np.full((len(queries), k), -1, np.int64)
        similarity = np.full((len(queries), k), -np.inf, np.float32)
        ids[:, : best.places.shape[1]] = own.ids[best.places] if len(own) else -1
        similarity[:, : best.values.shape[1]] = best.values
        return Hits(ids, similarity)

    def count(self) -> int:
        return len(self.faces)

    def stamps(self) -> dict[int, str]:
        return self.faces.stamps()


def follow(index: Index, faces: IndexedFaces) -> tuple[int, int]:
    """Make the index hold exactly these faces; how many were written and how many removed. What is there stays."""
    wanted, held = faces.stamps(), index.stamps()
    gone = sorted(held.keys() - wanted.keys())
    new = [row for row, i in enumerate(faces.ids.tolist()) if held.get(i) != wanted[i]]
    if gone:
        index.remove(gone)
    if new:
        index.add(faces.rows(new))
    return len(new), len(gone)


def recall(found: Hits, exact: Hits) -> float:
    """The share of the exact hits that were found, 0 to 1."""
    shared = sum(len((set(a) & set(b)) - {-1}) for a, b in zip(found.ids.tolist(), exact.ids.tolist(), strict=True))
    return shared / max(int((exact.ids >= 0).sum()), 1)
