"""The looks within one character: groups of its own faces, for a character that turns out to be two."""

from __future__ import annotations

import numpy as np

from core.errors import EncoderError
from core.similarity.clustering import group_faces
from core.workspace.embeddings import cached_embeddings
from core.workspace.models import encoder_in_use
from core.workspace.project import Project
from core.workspace.states import FaceState
from core.workspace.tables import Character, Face


def faces_of(project: Project, character: Character) -> list[Face]:
    """Its kept faces, the best first, balancing copies aside."""
    faces = project.catalogue.faces(character_id=character.id, state=FaceState.KEPT, copy_of=None)
    return sorted(faces, key=lambda face: (-face.quality, -face.score, face.id))


def looks(project: Project, character: Character, granularity: float = 0.5) -> list[list[Face]]:
    """Its faces in groups that look alike, largest first, and last those that are in no group.

    All in one list where nothing was embedded yet. granularity: 0 many small groups that are sure, 1 few large ones.
    """
    faces = faces_of(project, character)
    try:
        known, vectors = cached_embeddings(project, faces, encoder_in_use(project).path)
    except EncoderError:
        return [faces] if faces else []
    found = group_faces(np.asarray(vectors, np.float32), granularity=granularity) if known else None
    groups = [[known[i] for i in group.faces] for group in found.groups] if found is not None else []
    placed = {face.id for group in groups for face in group}
    rest = [face for face in faces if face.id not in placed]
    return [*groups, rest] if rest else groups
