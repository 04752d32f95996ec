"""Suggestions while reviewing: whom a face looks like, and which faces are unlike the rest of their character."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.crop.likeness import Likeness, most_central
from core.errors import EncoderError, WhoAmIError
from core.progress import Progress
from core.workspace.catalogue import Catalogue
from core.workspace.decisions import face_pixels
from core.workspace.folders import Workspace
from core.workspace.models import EncoderChoice, encoder_in_use
from core.workspace.tables import Face


def encoder_or_none(workspace: Workspace, catalogue: Catalogue) -> EncoderChoice | None:
    """The encoder in use, or None where there is none yet: then nothing is suggested."""
    try:
        return encoder_in_use(workspace, catalogue)
    except EncoderError:
        return None


def suggestions(workspace: Workspace, catalogue: Catalogue, face: Face) -> list[tuple[str, float]]:
    """Names and similarities for a face, nearest first; [] until `compare` has been asked for once."""
    likeness: Likeness | None = st.session_state.get(_key(workspace))
    choice = encoder_or_none(workspace, catalogue)
    if likeness is None or choice is None:
        return []
    try:
        pixels = face_pixels(workspace, catalogue, face)
        return likeness.nearest(_encoder(str(choice.path), choice.path.stat().st_mtime_ns).embed([pixels])[0])
    except (WhoAmIError, OSError):
        return []


def compare(workspace: Workspace, catalogue: Catalogue) -> frozenset[int]:
    """Embed every kept face, remember the prototypes for suggestions, choose central reference faces where the person
    chose none, and give the ids of the odd ones out. Shows a progress bar."""
    from core.vision.embeddings import embed_faces
    from core.visualise.odd import odd_faces

    choice = encoder_in_use(workspace, catalogue)
    faces = catalogue.faces(state="kept", copy_of=None)
    names = {c.id: c.name for c in catalogue.characters(removed=True)}
    bar = st.progress(0.0, text="Comparing faces …")

    def report(progress: Progress) -> None:
        bar.progress(progress.fraction, text=f"Comparing faces: {progress.n:,} of {progress.total:,}")

    embeddings = embed_faces(workspace, catalogue, faces, choice.path, report)
    bar.empty()
    labels = [names[f.character_id] for f in faces]
    st.session_state[_key(workspace)] = Likeness.of(embeddings, labels) if faces else None
    central = {}
    for character_id in {f.character_id for f in faces}:
        own = [i for i, f in enumerate(faces) if f.character_id == character_id]
        central[character_id] = faces[own[most_central(embeddings[own])]].id
    st.session_state[f"central_{workspace.name}"] = central
    return frozenset(faces[odd.index].id for odd in odd_faces(embeddings, labels)) if faces else frozenset()


def central_face(workspace: Workspace, character_id: int) -> int | None:
    """The most central face of a character, once `compare` was asked for."""
    return st.session_state.get(f"central_{workspace.name}", {}).get(character_id)


def _key(workspace: Workspace) -> str:
    return f"likeness_{workspace.name}"


@st.cache_resource(show_spinner=False, max_entries=2)
def _encoder(path: str, stamp: int):
    from core.vision import load_encoder

    return load_encoder(Path(path))
