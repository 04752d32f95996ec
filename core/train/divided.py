"""The faces that were divided, as parts and labels alone: what a training's length depends on."""

from __future__ import annotations

from sqlalchemy import func, select

from core.train.data import STRANGER, TRAIN, VALIDATION
from core.workspace.catalogue import Catalogue
from core.workspace.states import FaceState
from core.workspace.tables import faces


def divided_faces(catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """The part of each kept face that is trained on or measured with, copies included, and its character's id.

    In no order that means anything: the catalogue counts, and the counted are said so many times.
    """
    query = (
        select(faces.c.split, faces.c.character_id, func.count())
        .where(faces.c.state == FaceState.KEPT, faces.c.split.in_((TRAIN, VALIDATION, STRANGER)))
        .group_by(faces.c.split, faces.c.character_id)
    )
    parts: list[str] = []
    labels: list[str] = []
    with catalogue.reading() as db:
        for part, character, n in db.execute(query):
            parts += [part] * n
            labels += [str(character)] * n
    return parts, labels
