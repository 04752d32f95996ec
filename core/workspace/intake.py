"""A face that comes alone, without a picture around it: written, recorded, kept; undoable like any decision."""

from __future__ import annotations

import numpy as np

from core.imaging.hashes import perceptual, sha256
from core.imaging.reading import encode_jpeg
from core.workspace.atomic import write_bytes
from core.workspace.catalogue import now
from core.workspace.decisions import taken_paths
from core.workspace.folders import slug, unique
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind
from core.workspace.tables import Character, Face


def take_in_face(
    project: Project,
    character: Character,
    crop: np.ndarray,
    *,
    stem: str,
    source: str,
    who: str = "person",
) -> Face:
    """Keep a crop (uint8 HxWx3) as a face of a character; `stem` names its file, `source` says where it came from."""
    path = unique(f"faces/{character.slug}/{slug(stem)}_1", taken_paths(project.catalogue, character), ".jpg")
    data = encode_jpeg(crop)
    write_bytes(project.workspace.path(path), data)
    height, width = crop.shape[:2]
    about = {"sha256": sha256(data), "phash": f"{perceptual(crop):016x}"}
    picture = project.catalogue.add_picture(
        character.id, kind=Kind.FACE, source=source, fetched_at=now(), width=width, height=height, **about
    )
    row = {"picture_id": picture.id, "character_id": character.id, "path": path, "detector": who, "score": 1.0}
    row |= {"x": 0.0, "y": 0.0, "w": float(width), "h": float(height), "state": FaceState.KEPT, **about}
    (face,) = project.catalogue.add_faces([row], action=f"{character.name}: a face taken in", who=who)
    return face
