"""A card for each character: the face that stands for it, how much there is of it, how varied it is, and what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import func, select

from core.errors import EncoderError
from core.imaging.hashes import groups, near_pairs
from core.similarity.outliers import outlier_faces
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.covers import cover_of
from core.workspace.embeddings import cached_embeddings
from core.workspace.face_keys import FaceKey, face_keys
from core.workspace.models import encoder_in_use
from core.workspace.project import Project
from core.workspace.samples import spread_ids
from core.workspace.selects import conditions
from core.workspace.states import FaceState, Kind, PictureState
from core.workspace.tables import Character, Face

ENOUGH = 5
"""Faces from which on a character is recognised well."""
REPEATED = 0.3
"""Share of near-duplicates from which on a character has less to learn from than its number of faces says."""
ALIKE = 0.15
"""A spread under this is one pose in one outfit."""
LOOKED_AT = 500
"""Faces of each character, at most, that tell how varied it is: of more, so many evenly spread ones."""


@dataclass(frozen=True, slots=True)
class CharacterCard:
    """cover: the face to show, None without any. faces, pictures: kept ones, balancing copies aside. spread: 1 minus
    the mean similarity of two of its faces, None until they were embedded. advice: one sentence, "" where all is well.
    """

    character: Character
    cover: Face | None
    faces: int
    pictures: int
    spread: float | None = None
    advice: str = ""


def character_cards(project: Project) -> list[CharacterCard]:
    """The active characters with their numbers, those with the most faces first; `looked_at` adds the rest."""
    catalogue = project.catalogue
    own = catalogue.counts("faces", state=FaceState.KEPT, copy_of=None)
    pictures = catalogue.counts("pictures", state=PictureState.KEPT, kind=Kind.PICTURE)
    cards = [CharacterCard(c, None, own.get(c.id, 0), pictures.get(c.id, 0)) for c in catalogue.characters()]
    return sorted(cards, key=lambda card: (-card.faces, card.character.name.casefold()))


def looked_at(project: Project, cards: Sequence[CharacterCard]) -> list[CharacterCard]:
    """The cards with cover, spread and advice, for which LOOKED_AT faces of these characters are read. Nothing is
    embedded: for a page that must not wait."""
    catalogue, wanted = project.catalogue, [card.character.id for card in cards if card.faces]
    ids = spread_ids(catalogue, LOOKED_AT, character_id=wanted) if wanted else {}
    faces = face_keys(catalogue, [i for own in ids.values() for i in own])
    vectors, hashes = _vectors(project, faces), _hashes(catalogue, wanted)
    found = []
    for card in cards:
        own = ids.get(card.character.id, [])
        embedded = np.array([vectors[i] for i in own if i in vectors])
        spread = spread_of(embedded) if len(embedded) > 1 else None
        odd = len(outlier_faces(embedded, [""] * len(embedded))) if len(embedded) else 0
        advice = advise(card.faces, repeated(hashes[card.character.id]), spread, odd, len(own))
        found.append(replace(card, cover=cover_of(catalogue, card.character), spread=spread, advice=advice))
    return found


def _hashes(catalogue: Catalogue, characters: Sequence[int]) -> dict[int, list[int]]:
    """The perceptual hashes of all kept faces of these characters, balancing copies aside."""
    faces, equal = t.faces.c, {"character_id": characters, "state": FaceState.KEPT}
    original = func.coalesce(faces.copy_of, 0) == 0  # so said, SQLite takes the index that holds the hashes too
    query = select(faces.character_id, func.group_concat(faces.phash)).where(*conditions(t.faces, equal), original)
    query = query.where(faces.phash != "").group_by(faces.character_id)
    own: dict[int, list[int]] = defaultdict(list)
    with catalogue.reading() as db:
        for character, listed in db.execute(query) if characters else ():
            own[character] = [int(phash, 16) for phash in listed.split(",")]
    return own


def spread_of(vectors: np.ndarray) -> float:
    """1 minus the mean cosine of two different ones of at least two unit vectors (n, d).

    >>> spread_of(np.array([[1.0, 0.0], [0.0, 1.0]]))
    1.0
    """
    n = len(vectors)
    total = vectors.sum(axis=0)
    return float(1 - (total @ total - n) / (n * (n - 1)))


def repeated(hashes: Sequence[int]) -> int:
    """How many of these perceptual hashes repeat another one: near-duplicates beyond the first of each kind.

    >>> repeated([0, 1, 2**40 - 1])
    1
    """
    different = sorted(set(hashes))  # of equal ones all pairs would be found
    return len(hashes) - len(set(groups(len(different), near_pairs(different))))


def advise(faces: int, repeats: int, spread: float | None, odd: int = 0, seen: int = 0) -> str:
    """The most useful sentence about a character's faces; `seen`: how many of them `odd` was counted among, 0: all.

    >>> advise(5, 2, 0.4)
    '2 of 5 are near-duplicates: add a profile or another outfit.'
    """
    if faces == 0:
        return "No face yet."
    if repeats >= 1 and repeats >= REPEATED * faces:
        return (
            f"{repeats} of {faces} {'is a' if repeats == 1 else 'are'} near-duplicate{'' if repeats == 1 else 's'}: "
            + ("add a profile or another outfit.")
        )
    if faces < ENOUGH:
        return f"Add {ENOUGH - faces} more: a character is recognised well from {ENOUGH} faces on."
    if odd:
        if odd == 1:
            return f"1 of {seen or faces} is unlike the others: have a look at it."
        return f"{odd} of {seen or faces} are unlike the others: have a look at them."
    if spread is not None and spread < ALIKE:
        return "All look alike: add another angle or outfit."
    return ""


def _vectors(project: Project, faces: Sequence[FaceKey]) -> dict[int, np.ndarray]:
    try:
        known, vectors = cached_embeddings(project, faces, encoder_in_use(project).path)
    except EncoderError:
        return {}
    return {face.id: vector for face, vector in zip(known, vectors, strict=True)}
