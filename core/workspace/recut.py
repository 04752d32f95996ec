"""Crops cut and staged before a write: for faces whose box changes, or that are kept and have no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from core.errors import PictureError
from core.imaging.boxes import Box
from core.imaging.reading import read_picture
from core.workspace.crops import Crop, cut, place
from core.workspace.moves import StagedFiles
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind
from core.workspace.tables import Face
from core.workspace.transaction import BOX, StagedCrop

Updates = Iterable[tuple[int, Mapping[str, Any]]]
"""(id of a face, the values that it will have)."""


def stage_crops(
    project: Project, updates: Updates, staged: StagedFiles, *, lenient: bool = False
) -> dict[int, StagedCrop]:
    """The crops that faces need once they have these values, staged, by face id.

    Raises PictureError where one cannot be cut: its picture is gone or damaged. `lenient` leaves it out instead.
    """
    wanted = dict(updates)
    pictures = PictureReader(project)
    crops = {}
    for face in sorted(project.catalogue.faces(ids=wanted), key=lambda f: f.picture_id):
        after = wanted[face.id]
        if not _needs_crop(project, face, after):
            continue
        try:
            crop = _crop(project, face, after, pictures)
        except PictureError:
            if lenient:
                continue
            raise
        crops[face.id] = StagedCrop(staged.add(crop.data), crop.hashes, face.revision)
    return crops


class PictureReader:
    """Reads each picture once while its faces are cut."""

    def __init__(self, project: Project):
        self._project = project
        self._last: tuple[int, np.ndarray] | None = None

    def of(self, picture_id: int) -> np.ndarray:
        """The pixels of a picture, uint8 RGB. Raises PictureError where it has none."""
        if self._last is None or self._last[0] != picture_id:
            picture = self._project.catalogue.picture(picture_id)
            if picture.kind == Kind.FACE or not picture.path:
                raise PictureError(f"Picture {picture_id} is itself a face: there is nothing to cut it from.")
            self._last = (picture_id, read_picture(self._project.workspace.path(picture.path)))
        return self._last[1]


def _needs_crop(project: Project, face: Face, after: Mapping[str, Any]) -> bool:
    if after and not after.keys() & {"state", "path", *BOX}:  # what does not concern the file needs none
        return False
    state, path = after.get("state", face.state), after.get("path", face.path)
    if state != FaceState.KEPT:
        return False
    if face.copy_of is None and any(key in after and after[key] != getattr(face, key) for key in BOX):
        return True
    places = {place(face.path, face.state), face.path, f"bin/{face.path}", path, f"bin/{path}"} - {""}
    return not any(project.workspace.path(p).exists() for p in places)


def _crop(project: Project, face: Face, after: Mapping[str, Any], pictures: PictureReader) -> Crop:
    if face.copy_of is not None:
        original = project.workspace.path(project.catalogue.face(face.copy_of).path)
        if face.made_by != "copy" or not original.exists():
            raise PictureError(f"The copy {face.path} is gone and cannot be made again. Balance again.")
        return Crop(original.read_bytes(), face.sha256, face.phash)
    x, y, w, h = (float(after.get(key, getattr(face, key))) for key in BOX)
    return cut(pictures.of(face.picture_id), Box(x, y, w, h))
