"""The faces that were divided, as parts and labels alone: what a training's length depends on."""

from __future__ import annotations

from sqlalchemy import select

from core.train.data import STRANGER, TRAIN, VALIDATION
from core.workspace.catalogue import Catalogue
from core.workspace.states import FaceState
from core.workspace.tables import faces


def divided_faces(catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """The part of each kept face that is trained on or measured with, copies included, and its character's id."""
    query = (
        select(faces.c.split, faces.c.character_id)
        .where(faces.c.state == FaceState.KEPT, faces.c.split.in_((TRAIN, VALIDATION, STRANGER)))
        .order_by(faces.c.id)
    )
    with catalogue.reading() as db:
        rows = db.execute(query).all()
    return [part for part, _ in rows], [str(character) for _, character in rows]
