"""Embeddings of a workspace's faces, computed once: a cache by what the face and the encoder *are*, not by their names.

A file for each encoder, by the sha256 of its weights; in it the key is the sha256 of the crop, for a ready-made crop
also how it is re-framed (core.vision.reframing), and whether it was looked at without its colours. A proposal has no
crop yet: its key is the sha256 of the picture with the box. So a recut face, another run or another detector is
computed anew and everything else is not, whichever step asks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext, suppress
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from sqlalchemy import select

from core.errors import EncoderError, PictureError
from core.imaging.boxes import Box
from core.imaging.framing import FACE_CROP
from core.imaging.one_colour import without_colour
from core.progress import Reporter, track
from core.vision.reframing import AUTO, GIVEN, signature
from core.workspace.catalogue import Catalogue
from core.workspace.crops import face_pixels
from core.workspace.face_keys import Keyed
from core.workspace.folders import Workspace
from core.workspace.one_of import one_of
from core.workspace.project import Project
from core.workspace.states import Kind, PictureState
from core.workspace.tables import Face, pictures
from core.workspace.vectors import VectorFile

FORMAT = 2
"""Part of the cache's name: to be raised when the way from pixels to vector changes."""

ALL = tuple(PictureState)
"""Said, so that SQLite finds the ready-made faces by the index of the states and goes through no other pictures."""

BATCH = 64
SAVE_EVERY = 1024
"""New faces between two writes, so that a cancelled or dead job loses little."""


class Embedder(Protocol):
    """What is needed of an encoder: `dim`, and uint8 faces in a framing -> float32 (n, dim), L2-normalised."""

    @property
    def dim(self) -> int: ...

    def embed(self, faces: Sequence[np.ndarray], *, framing: str) -> np.ndarray: ...


Loader = Callable[[Path], Embedder]
OfFace = TypeVar("OfFace", bound=Keyed)


def embed_faces(
    project: Project,
    faces: Sequence[Face],
    encoder: Path,
    report: Reporter,
    *,
    colourless: bool = False,
    load: Loader | None = None,
) -> np.ndarray:
    """The embeddings of faces by the encoder in a file: float32 (n, d), L2-normalised, in the order of the faces.

    colourless: as they look without their colours. Only what the cache does not hold is read and computed (`load`
    makes the encoder; default load_encoder). Stages reported: `embed`. A cancelled run keeps what it has; where the
    workspace is read-only, or its disk full, nothing is kept. Raises PictureError where a face cannot be read.
    """
    cache = _Cache(project, encoder, faces, colourless)
    missing = cache.missing(faces)
    if missing:
        embedder = (load or load_embedder)(encoder)
        try:
            for batch in _batches(missing, report):
                for framing, own in groupby(batch, cache.framing):
                    group = list(own)
                    pixels = [_pixels(project, face) for face in group]
                    shown = [without_colour(one) for one in pixels] if colourless else pixels
                    cache.add(group, embedder.embed(shown, framing=framing))
        finally:
            cache.save()
    return cache.of(faces)


def cached_embeddings(
    project: Project, faces: Sequence[OfFace], encoder: Path, *, colourless: bool = False
) -> tuple[list[OfFace], np.ndarray]:
    """The faces whose embeddings the cache holds, and these, float32 (m, d): for a screen that must not wait."""
    cache = _Cache(project, encoder, faces, colourless)
    known = [f for f in faces if f in cache]
    return known, cache.of(known)


def encoder_digest(path: Path) -> str:
    """Hex digest of an encoder's file. Raises EncoderError where there is none."""
    try:
        there = path.stat()
        return _digest(path, there.st_ino, there.st_mtime_ns, there.st_size)
    except OSError as error:
        raise EncoderError(f"The encoder {path} cannot be read: {error.strerror or error}. Train one first.") from error


@lru_cache(maxsize=32)
def _digest(path: Path, inode: int, changed: int, size: int) -> str:
    """A page asks several times; megabytes are read once for as long as the file stays as it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cache_path(workspace: Workspace, digest: str) -> Path:
    """Where the embeddings by one encoder lie."""
    return workspace.cache / "embeddings" / f"{digest[:16]}-{FORMAT}.vectors"


def embeddings_state(workspace: Workspace, encoder: Path) -> tuple[str, int, int]:
    """Changes with the encoder and with what is embedded by it. Raises EncoderError where there is no encoder."""
    digest = encoder_digest(encoder)
    try:
        about = cache_path(workspace, digest).stat()
    except FileNotFoundError:
        return digest, 0, 0
    return digest, about.st_size, about.st_mtime_ns


class FoundVectors:
    """Takes in the vectors of faces at the moment they are found, so that no later step computes them."""

    def __init__(self, project: Project, encoder: str | Path):
        self._file = VectorFile(cache_path(project.workspace, encoder_digest(Path(encoder))))

    def add(self, faces: Iterable[tuple[str, str, Box, np.ndarray]]) -> None:
        """Of each face: the sha256 of its crop ("" for a proposal) and of its picture, its box, and its vector,
        float32 (d,), of length 1. They are on disk when this returns."""
        new = {}
        for crop, picture, box, vector in faces:
            key = _crop_key(crop) if crop else _box_key(picture, box) if picture else b""
            if key and key not in self._file:
                new[key] = vector
        if new:
            self._file.add(list(new), np.stack(list(new.values())))
            self._file.save()


class _Cache:
    """The vectors of some faces of a project by one encoder."""

    def __init__(self, project: Project, encoder: Path, faces: Sequence[Keyed], colourless: bool = False):
        self._colourless = colourless
        self._file = VectorFile(cache_path(project.workspace, encoder_digest(encoder)))
        self._ready_made = project.catalogue.counts("pictures", by="id", state=ALL, kind=Kind.FACE)
        self._pictures = _sha256(project.catalogue, {face.picture_id for face in faces if not face.sha256})
        self._unhashed: set[bytes] = set()
        self._read_only = project.catalogue.read_only

    def __contains__(self, face: Keyed) -> bool:
        return self._key(face) in self._file

    def framing(self, face: Keyed) -> str:
        """A face that came alone was framed by somebody else, unless it says otherwise; all others by face_crop."""
        return AUTO if face.picture_id in self._ready_made and face.framing != FACE_CROP else GIVEN

    def missing(self, faces: Sequence[Face]) -> list[Face]:
        """One face of each key that is not held, those of one framing together."""
        new = {self._key(face): face for face in faces if face not in self}
        return sorted(new.values(), key=self.framing)

    def of(self, faces: Sequence[Keyed]) -> np.ndarray:
        """Their vectors, float32 (n, d)."""
        if not faces:
            return np.empty((0, self._file.dim), np.float32)
        return self._file.of([self._key(face) for face in faces])

    def add(self, faces: Sequence[Face], vectors: np.ndarray) -> None:
        self._file.add([self._key(face) for face in faces], vectors)
        if self._file.unsaved >= SAVE_EVERY:
            self.save()

    def save(self) -> None:
        with suppress(OSError) if self._read_only else nullcontext():
            self._file.save(leave=frozenset(self._unhashed))

    def _key(self, face: Keyed) -> bytes:
        if not self._colourless:
            return self._coloured_key(face)
        key = hashlib.sha256(self._coloured_key(face) + b" without colours").digest()
        if not face.sha256 and not self._pictures.get(face.picture_id):
            self._unhashed.add(key)
        return key

    def _coloured_key(self, face: Keyed) -> bytes:
        if not face.sha256:
            return self._proposal_key(face)
        if self.framing(face) == GIVEN:
            return _crop_key(face.sha256)
        return hashlib.sha256(f"{face.sha256} {signature()}".encode()).digest()

    def _proposal_key(self, face: Keyed) -> bytes:
        """Of a crop that was never written. Where the picture has no hash, its vector lives as long as this object."""
        picture = self._pictures.get(face.picture_id, "")
        if picture:
            return _box_key(picture, face.box)
        key = hashlib.sha256(f"face {face.id}".encode()).digest()
        self._unhashed.add(key)
        return key


def _sha256(catalogue: Catalogue, ids: Collection[int]) -> dict[int, str]:
    """The sha256 of each of these pictures."""
    if not ids:
        return {}
    with catalogue.reading() as db:
        rows = db.execute(select(pictures.c.id, pictures.c.sha256).where(one_of(pictures.c.id, ids)))
        return {row.id: row.sha256 for row in rows}


def _crop_key(sha256: str) -> bytes:
    """Of a crop that face_crop cut."""
    return hashlib.sha256(sha256.encode()).digest()


def _box_key(picture: str, box: Box) -> bytes:
    """Of a box on the picture of that sha256."""
    return hashlib.sha256(f"{picture} {box.as_list()} {FACE_CROP}".encode()).digest()


def _batches(missing: Sequence[Face], report: Reporter) -> Iterator[list[Face]]:
    """Batches of faces, with the progress counted in faces."""
    batch: list[Face] = []
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


def load_embedder(path: Path) -> Embedder:
    """The encoder in a file."""
    from core.vision.encoder import load_encoder

    return load_encoder(path)
