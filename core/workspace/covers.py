"""One face to stand for each character."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.states import FaceState
from core.workspace.tables import Character, Face


@dataclass(frozen=True, slots=True)
class Cover:
    """A character, the face that stands for it, and how many kept faces there are, balancing copies aside."""

    character: Character
    face: Face
    faces: int


def covers(catalogue: Catalogue, limit: int | None = None) -> list[Cover]:
    """A cover for each active character with kept faces, those with the most faces first; kept until somebody
    commits."""
    return list(catalogue.remembered(("covers", limit), lambda: _covers(catalogue, limit)))


def _covers(catalogue: Catalogue, limit: int | None) -> list[Cover]:
    own = catalogue.counts("faces", state=FaceState.KEPT, copy_of=None)
    there = [character for character in catalogue.characters() if own.get(character.id)]
    there.sort(key=lambda character: (-own[character.id], character.id))
    found = ((character, cover_of(catalogue, character)) for character in there[:limit])
    return [Cover(character, face, own[character.id]) for character, face in found if face is not None]


def cover_of(catalogue: Catalogue, character: Character) -> Face | None:
    """The face that stands for a character: its cover while that is kept, else its reference face, else the one of the
    highest quality, of equals the surer one, then the first that was found. None where no face is kept."""
    faces = t.faces.c
    own = (faces.state == FaceState.KEPT, faces.copy_of.is_(None), faces.character_id == character.id)
    best = select(func.max(faces.quality)).where(*own).scalar_subquery()
    by_quality = select(t.faces).where(*own, faces.quality == best).order_by(faces.score.desc(), faces.id).limit(1)
    with catalogue.reading() as db:
        for chosen in (character.cover, character.reference_face):
            row = db.execute(select(t.faces).where(*own, faces.id == chosen)).mappings().first() if chosen else None
            if row is not None:
                return Face(**row)
        row = db.execute(by_quality).mappings().first()
    return None if row is None else Face(**row)
