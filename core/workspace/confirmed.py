"""Labels that a person looked at and found right: nothing suspects them again, unless the face is given away."""

from __future__ import annotations

from collections.abc import Iterable

from core.workspace.catalogue import Catalogue
from core.workspace.tables import Face

CONFIRMED = "confirmed labels"
"""The note in which they are kept: face id -> character id."""


def confirm_labels(catalogue: Catalogue, faces: Iterable[Face]) -> None:
    """Remember that a person says these labels are right: they are not suspected again, unless given away."""
    catalogue.set_note(CONFIRMED, catalogue.note(CONFIRMED, {}) | {str(f.id): f.character_id for f in faces})


def forget_confirmed(catalogue: Catalogue) -> None:
    """Ask about all labels again."""
    catalogue.set_note(CONFIRMED, {})


def is_confirmed(catalogue: Catalogue, faces: Iterable[Face]) -> list[bool]:
    """For each face, whether its present label was confirmed."""
    confirmed = catalogue.note(CONFIRMED, {})
    return [confirmed.get(str(f.id)) == f.character_id for f in faces]
