"""Suggestions while reviewing: whom a face looks like, and which faces are unlike the rest of their character."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.errors import EncoderError, WhoAmIError
from core.progress import Progress
from core.similarity.suggestions import Likeness, most_central
from core.workspace.crops import face_pixels
from core.workspace.face_keys import FaceKey, face_keys
from core.workspace.folders import Workspace
from core.workspace.models import EncoderChoice, encoder_in_use
from core.workspace.project import Project
from core.workspace.samples import spread_ids
from core.workspace.states import FaceState
from core.workspace.tables import Face
from ui.common.language import _

if TYPE_CHECKING:
    from core.vision.encoder import Encoder

LEAST = 0.2
"""Cosine similarity below which a name is no help."""

EACH = 60
"""Faces of a character that a suggestion goes by, until all have been compared in this tab."""


def encoder_or_none(project: Project) -> EncoderChoice | None:
    """The encoder in use, or None where there is none yet: then nothing is suggested."""
    try:
        return encoder_in_use(project)
    except EncoderError:
        return None


def suggestions(project: Project, face: Face) -> list[tuple[str, float]]:
    """Names and similarities for a face, nearest first; [] until the kept faces have been compared once."""
    choice = encoder_or_none(project)
    likeness = _remembered(project, choice) if choice else None
    if choice is None or likeness is None or not likeness.names:
        return []
    try:
        stamp = choice.path.stat().st_mtime_ns
        vector = _vector(str(project.catalogue.path), face.id, face.revision, str(choice.path), stamp, project, face)
        found = likeness.nearest(vector)
    except (WhoAmIError, OSError):
        return []
    return [(name, similarity) for name, similarity in found if similarity >= LEAST]


def compare(project: Project) -> frozenset[int]:
    """Embed every kept face, remember the prototypes for suggestions and the most central face of each character, and
    give the ids of the outliers. Shows a progress bar."""
    from core.similarity.outliers import outlier_faces
    from core.workspace.readable import embed_readable

    choice = encoder_in_use(project)
    faces = _named_faces(project)
    bar = st.progress(0.0, text=_("Comparing faces …"))

    def report(progress: Progress) -> None:
        bar.progress(
            progress.fraction, text=_("Comparing faces: {n:,} of {total:,}", n=progress.n, total=progress.total or 0)
        )

    faces, embeddings = embed_readable(project, faces, choice.path, report)
    bar.empty()
    labels = _remember(project, choice, faces, embeddings)
    return frozenset(faces[odd.index].id for odd in outlier_faces(embeddings, labels)) if faces else frozenset()


def _remembered(project: Project, choice: EncoderChoice) -> Likeness | None:
    """What was compared in this tab, else what the cache of embeddings still knows of an earlier day."""
    from core.workspace.embeddings import cached_embeddings

    key = _key(project.workspace)
    if st.session_state.get(key, ("", None))[0] != str(choice.path):
        try:
            faces, embeddings = cached_embeddings(project, _some_faces(project), choice.path)
        except WhoAmIError:
            return None
        _remember(project, choice, faces, embeddings)
    likeness: Likeness | None = st.session_state[key][1]
    return likeness


def _named_faces(project: Project) -> list[Face]:
    """The kept faces that are somebody's: those of nobody yet are no character of their own."""
    return [f for f in project.catalogue.faces(state=FaceState.KEPT, copy_of=None) if f.character_id is not None]


def _some_faces(project: Project) -> list[FaceKey]:
    """EACH of the same faces of each character, evenly spread."""
    return face_keys(project.catalogue, [i for own in spread_ids(project.catalogue, EACH).values() for i in own])


def _remember(
    project: Project, choice: EncoderChoice, faces: Sequence[Face | FaceKey], embeddings: np.ndarray
) -> list[str]:
    names = {c.id: c.name for c in project.catalogue.characters(removed=True)}
    labels = [names.get(f.character_id or 0, "") for f in faces]
    members: dict[int | None, list[int]] = {}
    for i, face in enumerate(faces):
        members.setdefault(face.character_id, []).append(i)
    central = {c: faces[own[most_central(embeddings[own])]].id for c, own in members.items()}
    likeness = Likeness.of(embeddings, labels) if faces else None
    st.session_state[_key(project.workspace)] = (str(choice.path), likeness, central)
    return labels


def central_face(workspace: Workspace, character_id: int) -> int | None:
    """The most central face of a character, once its faces have been compared."""
    central: dict[int | None, int] = st.session_state.get(_key(workspace), ("", None, {}))[2]
    return central.get(character_id)


def _key(workspace: Workspace) -> str:
    return f"likeness_{workspace.name}"


@st.cache_resource(show_spinner=False, max_entries=256)
def _vector(
    catalogue: str, face_id: int, revision: int, encoder: str, stamp: int, _project: Project, _face: Face
) -> np.ndarray:
    """The embedding of a face as it is now: the page asks for it again at every click beside the picture."""
    ready_made = _project.catalogue.picture(_face.picture_id).kind == "face"
    pixels = face_pixels(_project, _face)
    vectors = _encoder(encoder, stamp).embed([pixels], framing="auto" if ready_made else "given")
    return vectors.reshape(-1)


@st.cache_resource(show_spinner=False, max_entries=2)
def _encoder(path: str, stamp: int) -> Encoder:
    from core.vision import load_encoder

    return load_encoder(Path(path))
