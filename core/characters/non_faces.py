"""Vectors of drawn crops that show no face, for each encoder made once: what a detector's false boxes look like."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from core.drawn.non_faces import non_face_crops
from core.vision.reframing import GIVEN
from core.workspace.arrays import load_arrays, save_arrays
from core.workspace.embeddings import Loader, encoder_digest, load_embedder
from core.workspace.folders import Workspace


def non_face_vectors(workspace: Workspace, encoder: Path, *, load: Loader | None = None) -> np.ndarray:
    """float32 (200, d) by the encoder in a file; kept in the workspace's cache."""
    path = _path(workspace, encoder)
    kept = load_arrays(path)
    if kept is not None and "vectors" in kept:
        return kept["vectors"]
    vectors = (load or load_embedder)(encoder).embed(non_face_crops(), framing=GIVEN)
    with suppress(OSError):  # a folder that cannot be written is no reason not to group
        save_arrays(path, {"vectors": vectors})
    return vectors


def non_faces_ready(workspace: Workspace, encoder: Path) -> bool:
    """Whether they were made; drawing and embedding them takes about as long as embedding twice as many faces."""
    return _path(workspace, encoder).is_file()


def _path(workspace: Workspace, encoder: Path) -> Path:
    return workspace.cache / "non_faces" / f"{encoder_digest(encoder)[:16]}.npz"
