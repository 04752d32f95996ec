"""Faces of one colour, and an encoder that sees nothing else: similarities that a person can check."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from core.imaging.hashes import sha256
from core.workspace.crops import slug_of
from core.workspace.project import Project
from core.workspace.tables import Character, Face


@dataclass
class MeanColour:
    """The mean colour of a face, brought to length 1. `asked`: how many faces each call had, `framings`: in which."""

    dim: int = 3
    asked: list[int] = field(default_factory=list)
    framings: list[str] = field(default_factory=list)

    def embed(self, faces: list[np.ndarray], *, framing: str = "auto") -> np.ndarray:
        self.asked.append(len(faces))
        self.framings.append(framing)
        means = np.stack([face.reshape(-1, 3).mean(axis=0) for face in faces])
        return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)


def add_face(project: Project, character: Character | None, stem: str, colour: tuple[int, int, int], **values) -> Face:
    """A kept face of one colour, its file included; None: nobody's. `values`: further columns, such as split."""
    owner = None if character is None else character.id
    data = cv2.imencode(".png", np.full((8, 8, 3), colour, np.uint8)[..., ::-1])[1].tobytes()
    path = project.workspace.faces / slug_of(character) / f"{stem}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    picture = project.catalogue.add_picture(owner, kind="face", source="test", page_url="https://example.org/1")
    row = {"picture_id": picture.id, "character_id": owner, "state": "kept", "sha256": sha256(data)}
    (face,) = project.catalogue.add_faces([row | {"path": project.workspace.relative(path)} | values], action="test")
    return face
