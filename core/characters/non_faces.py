"""Vectors of drawn crops that show no face, for each encoder made once: what a detector's false boxes look like.

For the shipped encoder they are shipped with it; for another one they are drawn and embedded when first needed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from core.drawn.non_faces import non_face_crops
from core.settings import PRETRAINED
from core.vision.reframing import GIVEN
from core.workspace.arrays import kept_vectors
from core.workspace.embeddings import Loader, encoder_digest, load_embedder
from core.workspace.folders import Workspace

SHIPPED_VECTORS = PRETRAINED / "non_faces.safetensors"
"""`python -m recipes.encoder.non_faces` makes it anew."""


def non_face_vectors(workspace: Workspace, encoder: Path, *, load: Loader | None = None) -> np.ndarray:
    """float32 (200, d) by the encoder in a file; shipped with it, or kept in the workspace's cache."""
    shipped = _shipped(encoder)
    if shipped is not None:
        return shipped
    embedder = load or load_embedder
    return kept_vectors(_path(workspace, encoder), lambda: embedder(encoder).embed(non_face_crops(), framing=GIVEN))


def non_faces_ready(workspace: Workspace, encoder: Path) -> bool:
    """Whether they were made; drawing and embedding them takes about as long as embedding twice as many faces."""
    return _shipped(encoder) is not None or _path(workspace, encoder).is_file()


def _shipped(encoder: Path) -> np.ndarray | None:
    """Those shipped with the encoder; None for another encoder, or where the file is missing or damaged."""
    try:
        with safe_open(SHIPPED_VECTORS, "np") as file:
            if file.metadata().get("encoder") != encoder_digest(encoder):
                return None
            vectors: np.ndarray = file.get_tensor("vectors").astype(np.float32)
    except (OSError, SafetensorError, KeyError, AttributeError):
        return None
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _path(workspace: Workspace, encoder: Path) -> Path:
    return workspace.cache / "non_faces" / f"{encoder_digest(encoder)[:16]}.npz"
