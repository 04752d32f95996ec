"""Projections kept on disk, by what they were made from: encoder, faces, settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.visualise.map_settings import MapSettings
from core.workspace.arrays import load_arrays, save_arrays
from core.workspace.folders import Workspace
from core.workspace.tables import Face

Points = dict[tuple[int, str], np.ndarray]
"""(face id, sha256 of its crop) -> its point on a map."""

KEPT = 20
"""So many maps of a workspace stay on disk; the oldest go first."""


def map_key(encoder_digest: str, faces: Sequence[Face], settings: MapSettings) -> str:
    """Digest over all that a projection depends on. Names are not among it: a face given to another character stays."""
    content = [encoder_digest, settings.relevant(), [(face.id, face.sha256) for face in faces]]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]


def save_map(workspace: Workspace, key: str, faces: Sequence[Face], points: np.ndarray) -> None:
    """Keep the points float32 (n, 2 or 3) of faces. Raises ValueError for points that are no numbers."""
    if not np.isfinite(points).all():
        raise ValueError("A map's points are finite numbers.")
    arrays = {
        "face_ids": np.array([face.id for face in faces], np.int64),
        "sha256": np.array([face.sha256 for face in faces], "S64"),
        "points": np.asarray(points, np.float32),
    }
    save_arrays(_folder(workspace) / f"{key}.npz", arrays)
    files = sorted(_folder(workspace).glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in files[KEPT:]:
        old.unlink(missing_ok=True)


def load_map(workspace: Workspace, key: str) -> Points | None:
    """(face id, sha256 of its crop) -> its point; None where that map is not on disk."""
    arrays = load_arrays(_folder(workspace) / f"{key}.npz")
    if arrays is None or set(arrays) != {"face_ids", "sha256", "points"} or not np.isfinite(arrays["points"]).all():
        return None
    keys = zip(arrays["face_ids"].tolist(), (value.decode() for value in arrays["sha256"].tolist()), strict=True)
    return dict(zip(keys, arrays["points"], strict=True))


def _folder(workspace: Workspace) -> Path:
    return workspace.cache / "maps"
