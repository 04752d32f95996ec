"""A face's crop: where it lies, how it is cut, and which names are free.

A kept face's crop lies at its path, a rejected one's under bin/; a proposal has none: its box may still move.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from core.errors import PictureError
from core.imaging.boxes import Box
from core.imaging.framing import face_crop
from core.imaging.hashes import perceptual, sha256
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace.folders import Workspace, unique
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind
from core.workspace.tables import Character, Face

UNNAMED = "unnamed"
"""The folder of pictures and faces without a character."""


class PlacedFace(Protocol):
    """What is needed to know where a face's file lies."""

    @property
    def path(self) -> str: ...

    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Crop:
    """A crop as a JPEG file's bytes, with its hashes."""

    data: bytes
    sha256: str
    phash: str

    @classmethod
    def of(cls, rgb: np.ndarray) -> Crop:
        """Of pixels, uint8 HxWx3."""
        data = encode_jpeg(rgb)
        return cls(data, sha256(data), f"{perceptual(rgb):016x}")

    @property
    def hashes(self) -> dict[str, str]:
        """As columns of the catalogue."""
        return {"sha256": self.sha256, "phash": self.phash}


def crop_path(workspace: Workspace, path: str, state: str) -> Path | None:
    """Where a face's crop belongs; None for a proposal or a removed one, which have no file to show."""
    if not path:
        return None
    if state == FaceState.KEPT:
        return workspace.path(path)
    return workspace.path(f"bin/{path}") if state == FaceState.REJECTED else None


def place(path: str, state: str) -> str:
    """Where the file of a face in that state lies, as a path in the workspace; "" for a proposal, which has none."""
    if not path or state == FaceState.PROPOSED:
        return ""
    return path if state == FaceState.KEPT else f"bin/{path}"


def cut(pixels: np.ndarray, box: Box) -> Crop:
    """The crop of a box on a picture (uint8 HxWx3)."""
    return Crop.of(face_crop(pixels, box))


def face_pixels(project: Project, face: Face) -> np.ndarray:
    """The crop of a face as uint8 RGB, from its file, or cut from its picture where it has none (a proposal)."""
    at = crop_path(project.workspace, face.path, face.state)
    if at is not None and at.exists():
        return read_picture(at)
    picture = project.catalogue.picture(face.picture_id)
    if picture.kind == Kind.FACE:
        raise PictureError(f"The file {face.path} of face {face.id} is gone and there is no picture to cut it from.")
    return face_crop(read_picture(project.workspace.path(picture.path)), face.box)


def slug_of(character: Character | None) -> str:
    """The folder of a character's files, or of unnamed ones."""
    return UNNAMED if character is None else character.slug


def free_face_path(slug: str, stem: str, taken: Collection[str]) -> str:
    """`faces/<slug>/<stem>_<i>.jpg`, i from 1, whose lower-case form is not taken: names are never given twice."""
    i = 1
    while f"faces/{slug}/{stem}_{i}.jpg".casefold() in taken:
        i += 1
    return f"faces/{slug}/{stem}_{i}.jpg"


def free_path(folder: str, name: str, taken: Collection[str]) -> str:
    """`<folder>/<name>` in another folder, with `_2`, `_3` ... behind the stem where that is taken."""
    path = Path(name)
    return unique(f"{folder}/{path.stem}", taken, path.suffix)
