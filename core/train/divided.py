"""How many faces were divided, by part and character: what a training's length depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from core.train.data import STRANGER, TRAIN, VALIDATION
from core.workspace.catalogue import Catalogue
from core.workspace.states import FaceState
from core.workspace.tables import faces

IN_ORDER = ("state", "copy_of", "character_id", "enrolled", "ignored", "split")
"""The columns of the index faces_by_state: grouped by all of them, in their order, nothing is sorted."""


@dataclass(frozen=True, slots=True)
class Divided:
    """Faces that are trained on, copies included, of so many characters; known: those among the faces for validation
    that are of these characters; judged: all that are for validation."""

    own: int
    characters: int
    known: int
    judged: int

    @classmethod
    def of(cls, counts: Mapping[tuple[str, str], int]) -> Divided:
        """From the number of faces by part and label."""
        trained = {label for part, label in counts if part == TRAIN}
        judged = {label: n for (part, label), n in counts.items() if part == VALIDATION}
        own = sum(n for (part, _), n in counts.items() if part == TRAIN)
        known = sum(n for label, n in judged.items() if label in trained)
        return cls(own, len(trained), known, sum(judged.values()))


def divided_faces(catalogue: Catalogue) -> dict[tuple[str, str], int]:
    """Number of kept faces that are trained on or measured with, copies included, by part and their character's id."""
    own = (faces.c.state == FaceState.KEPT, faces.c.split.in_((TRAIN, VALIDATION, STRANGER)))
    parts = select(faces.c.split, faces.c.character_id, func.count().label("n")).where(*own)
    rows = parts.group_by(*(faces.c[name] for name in IN_ORDER)).subquery()
    query = select(rows.c.split, rows.c.character_id, func.sum(rows.c.n)).group_by(rows.c.split, rows.c.character_id)
    with catalogue.reading() as db:
        return {(part, str(character)): int(n) for part, character, n in db.execute(query)}
