"""A map ready to be drawn, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.visualise.projection import Projection
from core.workspace.tables import Face


@dataclass(frozen=True)
class MapData:
    """A map ready to be drawn: faces[i] of the character labels[i] has embeddings[i] and lies at projection.points[i].

    embeddings float32 (n, d), L2-normalised. placed: faces that came after the map was made, put among their
    neighbours. unseen: kept faces that have no embedding yet, and so no place. key: changes with anything drawn.
    """

    faces: tuple[Face, ...]
    labels: tuple[str, ...]
    embeddings: np.ndarray
    projection: Projection
    encoder: str
    key: str
    placed: int = 0
    unseen: int = 0

    @cached_property
    def index(self) -> dict[int, int]:
        """Face id -> its place in the arrays."""
        return {face.id: i for i, face in enumerate(self.faces)}

    def select(self, face_ids: list[int]) -> list[Face]:
        """The faces of those ids that are on the map, in that order."""
        return [self.faces[self.index[face_id]] for face_id in face_ids if face_id in self.index]
