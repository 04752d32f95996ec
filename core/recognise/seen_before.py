"""Whether an answer rests on the very face or picture that was asked about: then it says nothing about new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.imaging.hashes import NEAR, distance, perceptual
from core.recognise.pictures import RecognisedFace
from core.recognise.verdict import Evidence
from core.workspace.catalogue import Catalogue

LOOKED_AT = 3
"""So many of the nearest enrolled faces are looked at: the very face asked about is the nearest one."""


def with_seen(catalogue: Catalogue, faces: Sequence[RecognisedFace], picture: np.ndarray) -> list[RecognisedFace]:
    """The faces of a picture (uint8 HxWx3), each with whether it or the picture is enrolled already."""
    found = []
    for face in faces:
        nearest = face.answer.evidence[:LOOKED_AT]
        seen = is_enrolled_already(catalogue, face.face, picture, nearest)
        found.append(replace(face, enrolled_already=seen))
    return found


def is_enrolled_already(
    catalogue: Catalogue, face: np.ndarray, picture: np.ndarray, evidence: Sequence[Evidence]
) -> bool:
    """Whether one of the enrolled faces given as evidence is this face's crop, lies on this picture, or on a
    near-duplicate of either. Both uint8 HxWx3, at any size."""
    near = catalogue.faces(ids=[int(one.face) for one in evidence if one.face.isdigit()])
    owners = [*{one.picture_id for one in near if one.picture_id is not None}]
    pictures = catalogue.pictures(ids=owners) if owners else []
    asked = ((face, [one.phash for one in near]), (picture, [one.phash for one in pictures]))
    return any(_looks_like_any(rgb, [known for known in hashes if known]) for rgb, hashes in asked)


def _looks_like_any(rgb: np.ndarray, hashes: Sequence[str]) -> bool:
    if not hashes:
        return False
    mine = perceptual(rgb)
    return any(distance(mine, int(known, 16)) <= NEAR for known in hashes)
