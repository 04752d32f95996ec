"""Embeddings of a workspace's faces, computed once: a cache by what the face and the encoder *are*, not by their names.

The key is the sha256 of the crop and that of the encoder's file, so that a recut face or another run is computed anew
and everything else is not, whichever step asks. Torch is imported only where something is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from core.errors import EncoderError, PictureError
from core.progress import Reporter, track
from core.workspace.arrays import load_arrays, save_arrays
from core.workspace.decisions import face_pixels
from core.workspace.folders import Workspace
from core.workspace.project import Project
from core.workspace.tables import Face

FORMAT = 1
"""Part of the cache's name: to be raised when the way from pixels to vector changes."""

BATCH = 64
SAVE_EVERY = 2048
"""New faces between two writes, so that a cancelled or dead job loses little."""


UNHASHED = "face "
"""Before the id of a face whose crop has no hash: computed each time, never written."""


class Embedder(Protocol):
    """What is needed of an encoder: `dim`, and uint8 faces -> float32 (n, dim), L2-normalised."""

    dim: int

    def embed(self, faces: Sequence[np.ndarray]) -> np.ndarray: ...


Loader = Callable[[Path], Embedder]


def embed_faces(
    project: Project,
    faces: Sequence[Face],
    encoder: Path,
    report: Reporter,
    *,
    load: Loader | None = None,
) -> np.ndarray:
    """The embeddings of faces by the encoder in a file: float32 (n, d), L2-normalised, in the order of the faces.

    Only what the cache does not hold is read and computed (`load` makes the encoder; default load_encoder). Stages
    reported: `embed`. A cancelled run keeps what it has. Raises PictureError where a face cannot be read.
    """
    cache = _Cache(project.workspace, encoder_digest(encoder))
    missing = list({_key(f): f for f in faces if f.sha256 not in cache.vectors}.items())
    if missing:
        embedder = (load or _load_encoder)(encoder)
        try:
            for batch in _batches(missing, report):
                pixels = [_pixels(project, face) for _, face in batch]
                vectors = embedder.embed(pixels)
                cache.add([key for key, _ in batch], vectors)
        finally:
            cache.save()
    return cache.of(faces)


def cached_embeddings(workspace: Workspace, faces: Sequence[Face], encoder: Path) -> tuple[list[Face], np.ndarray]:
    """The faces whose embeddings the cache holds, and these, float32 (m, d): for a screen that must not wait."""
    cache = _Cache(workspace, encoder_digest(encoder))
    known = [f for f in faces if f.sha256 in cache.vectors]
    return known, cache.of(known)


def encoder_digest(path: Path) -> str:
    """Hex digest of an encoder's file. Raises EncoderError where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"The encoder {path} cannot be read: {error.strerror or error}. Train one first.") from error


def cache_path(workspace: Workspace, digest: str) -> Path:
    """Where the embeddings by one encoder lie."""
    return workspace.cache / "embeddings" / f"{digest[:16]}-{FORMAT}.npz"


class _Cache:
    """sha256 of a crop -> its vector, of one encoder, in one file."""

    def __init__(self, workspace: Workspace, digest: str):
        self.path = cache_path(workspace, digest)
        self.vectors = _read(self.path)
        self._fresh: dict[str, np.ndarray] = {}
        self._since = 0

    def of(self, faces: Sequence[Face]) -> np.ndarray:
        if not faces:
            dim = len(next(iter(self.vectors.values()))) if self.vectors else 0
            return np.empty((0, dim), np.float32)
        return np.stack([self.vectors[_key(f)] for f in faces])

    def add(self, keys: Sequence[str], vectors: np.ndarray) -> None:
        new = dict(zip(keys, vectors, strict=True))
        self.vectors |= new
        self._fresh |= {key: vector for key, vector in new.items() if not key.startswith(UNHASHED)}
        self._since += len(new)
        if self._since >= SAVE_EVERY:
            self.save()

    def save(self) -> None:
        if not self._fresh:
            return
        everything = _read(self.path) | self._fresh  # another process may have added its own meanwhile
        save_arrays(self.path, {"sha256": np.array(list(everything)), "vectors": np.stack(list(everything.values()))})
        self._fresh, self._since = {}, 0


def _key(face: Face) -> str:
    return face.sha256 or f"{UNHASHED}{face.id}"


def _read(path: Path) -> dict[str, np.ndarray]:
    arrays = load_arrays(path)
    if arrays is None or set(arrays) != {"sha256", "vectors"} or len(arrays["sha256"]) != len(arrays["vectors"]):
        return {}
    return dict(zip(arrays["sha256"].tolist(), arrays["vectors"].astype(np.float32, copy=False), strict=True))


def _batches(missing: list, report: Reporter):
    """Batches of faces, with the progress counted in faces."""
    batch = []
    for item in track(missing, report, "embed"):
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _pixels(project: Project, face: Face) -> np.ndarray:
    try:
        return face_pixels(project, face)
    except PictureError as error:
        raise PictureError(f"Face {face.id} cannot be embedded: {error} `sync` finds all such faces.") from error


def _load_encoder(path: Path) -> Embedder:
    from core.vision.encoder import load_encoder

    return load_encoder(path)
