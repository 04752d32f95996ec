"""A face's crop: where it lies, how it is cut, and which names are free.

A kept face's crop lies at its path, a rejected one's under bin/; a proposal has none: its box may still move. What a
step knows of a face is as old as the step: a character may be renamed or merged beside it, and its files with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from sqlalchemy import select

from core.errors import PictureError
from core.imaging.boxes import Box
from core.imaging.framing import face_crop
from core.imaging.hashes import perceptual, sha256
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace.folders import Workspace, unique
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind
from core.workspace.tables import Character, Face, pending_moves

T = TypeVar("T")

UNNAMED = "unnamed"
"""The folder of pictures and faces without a character."""

LOOKS = 2
"""How often the catalogue is asked where a file went: it may move again before it is read."""


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
    pixels = read_face_file(project, face, read_picture)
    if pixels is not None:
        return pixels
    picture = project.catalogue.picture(face.picture_id)
    if picture.kind == Kind.FACE:
        raise PictureError(f"The file {face.path} of face {face.id} is gone and there is no picture to cut it from.")
    return face_crop(read_picture(project.workspace.path(picture.path)), face.box)


def read_face_file(project: Project, face: Face, read: Callable[[Path], T]) -> T | None:
    """What `read` makes of a face's file, wherever it was moved since the face was looked up; None where there is none.

    Raises PictureError, as `read` does, where the file is there and cannot be read.
    """
    for path in _where_it_lies(project, face):
        if path.exists():
            try:
                return read(path)
            except PictureError:
                if path.exists():
                    raise
    return None


def _where_it_lies(project: Project, face: Face) -> Iterator[Path]:
    """Where to look, in turn: where the face says; where the catalogue says today, and where the file still lies until
    it is moved there. A face that was cut anew meanwhile is another one, and not looked for."""
    at = crop_path(project.workspace, face.path, face.state)
    if at is None:
        return
    yield at
    for _ in range(LOOKS):
        today = project.catalogue.faces(ids=[face.id], sha256=face.sha256)
        now = place(today[0].path, today[0].state) if today else ""
        if not now:
            return
        with project.catalogue.reading() as db:
            coming = select(pending_moves.c.source).where(pending_moves.c.target == now)
            paths = [*db.execute(coming).scalars(), now]
        yield from map(project.workspace.path, paths)


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
