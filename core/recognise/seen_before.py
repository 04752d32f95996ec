"""Whether an answer rests on the very picture that was asked about: then it says nothing about new ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.imaging.hashes import NEAR, distance, perceptual
from core.recognise.verdict import Evidence
from core.workspace.catalogue import Catalogue


def is_enrolled_picture(catalogue: Catalogue, picture: np.ndarray, evidence: Sequence[Evidence]) -> bool:
    """Whether one of the enrolled faces shown as evidence lies on this picture (uint8 HxWx3, at any size), or on a
    near-duplicate of it."""
    faces = catalogue.faces(ids=[int(near.face) for near in evidence if near.face.isdigit()])
    owners = {face.picture_id for face in faces if face.picture_id is not None}
    hashes = [one.phash for one in catalogue.pictures(ids=[*owners]) if one.phash] if owners else []
    if not hashes:
        return False
    asked = perceptual(picture)
    return any(distance(asked, int(known, 16)) <= NEAR for known in hashes)
