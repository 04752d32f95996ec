"""One face to stand for each character."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.tables import Character, Face


@dataclass(frozen=True, slots=True)
class Cover:
    """A character, the face that stands for it, and how many kept faces there are, balancing copies aside."""

    character: Character
    face: Face
    faces: int


def covers(catalogue: Catalogue, limit: int | None = None) -> list[Cover]:
    """A cover for each active character with kept faces, those with the most faces first.

    The face is the character's cover while that is kept, else its reference face, else the one of the highest quality;
    of equals the first that was found.
    """
    faces = t.faces
    own = (faces.c.state == "kept") & faces.c.copy_of.is_(None)
    best_first = [faces.c.quality.desc(), faces.c.score.desc(), faces.c.id]
    chosen = [(faces.c.id == column).desc() for column in (t.characters.c.cover, t.characters.c.reference_face)]
    ranked = (
        select(
            faces.c.id,
            faces.c.character_id,
            func.row_number().over(partition_by=faces.c.character_id, order_by=[*chosen, *best_first]).label("rank"),
            func.count().over(partition_by=faces.c.character_id).label("n"),
        )
        .join(t.characters, t.characters.c.id == faces.c.character_id)
        .where(own, t.characters.c.state == "active")
        .subquery()
    )
    query = select(ranked.c.id, ranked.c.character_id, ranked.c.n).where(ranked.c.rank == 1)
    query = query.order_by(ranked.c.n.desc(), ranked.c.character_id)
    if limit is not None:
        query = query.limit(limit)
    with catalogue.reading() as db:
        rows = db.execute(query).all()
    face_of = {face.id: face for face in catalogue.faces(ids=[row[0] for row in rows])}
    character_of = {character.id: character for character in catalogue.characters()}
    return [Cover(character_of[character], face_of[face], n) for face, character, n in rows]
