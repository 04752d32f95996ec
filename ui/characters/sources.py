"""Where the pixels of faces come from: the crop of a kept one, for a proposal what its box holds of the picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from core.errors import PictureError
from core.imaging.reading import encode_jpeg
from core.workspace.crops import crop_path, face_pixels
from core.workspace.project import Project
from core.workspace.tables import Face
from ui.common.face_wall import Mark, WallFace
from ui.common.language import _


def wall_faces(
    project: Project, ids: Sequence[int], states: Sequence[Mark] | dict[int, tuple[Mark, ...]], label: str = ""
) -> list[WallFace]:
    """Faces for a wall, in the order of the ids; those that are gone are left out."""
    found = {face.id: face for face in project.catalogue.faces(ids=ids)} if ids else {}
    return [
        WallFace(
            i,
            source_of(project, found[i]),
            f"{label or _('face')} {i}",
            states.get(i, ()) if isinstance(states, dict) else tuple(states),
        )
        for i in ids
        if i in found
    ]


def source_of(project: Project, face: Face) -> Path | bytes:
    """The file of a face, or its pixels as JPEG where it has none."""
    at = crop_path(project.workspace, face.path, face.state)
    if at is not None:
        return at
    return _cut(str(project.workspace.root), face.id, face.revision, face, project)


@st.cache_data(show_spinner=False, max_entries=2000)
def _cut(root: str, face_id: int, revision: int, _face: Face, _project: Project) -> bytes:
    try:
        return encode_jpeg(face_pixels(_project, _face))
    except PictureError:
        return b""
