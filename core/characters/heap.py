"""The heap: faces that nobody has named yet, with their embeddings, and named faces to compare them with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import select

from core.characters.non_faces import non_face_vectors
from core.progress import Reporter, silent
from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.drawn_strangers import drawn_stranger_vectors
from core.workspace.embeddings import Loader, cached_embeddings, encoder_digest, load_embedder
from core.workspace.face_keys import FaceKey, Keyed, face_keys
from core.workspace.impostors import load_impostors
from core.workspace.models import encoder_in_use
from core.workspace.project import Project
from core.workspace.readable import embed_readable
from core.workspace.samples import spread_ids
from core.workspace.selects import conditions
from core.workspace.states import LIVE_FACES
from core.workspace.tables import Face

COMPARED = 60
"""Named faces of each character that are compared with, at most, spread evenly over all of them."""
LEAST, IN_ALL = 20, 30_000
"""Of a cast of more than 500 fewer of each, and so many at most; but of a larger one still so many of each."""
NO_QUALITY = 0.5
"""What a face counts whose quality was never measured, such as one that was imported as a crop."""


@dataclass(frozen=True)
class Heap:
    """Unnamed faces, vectors float32 (n, d) of length 1; named ones, likewise (m, d), and whose they are (names, m).

    non_faces float32 (k, d): vectors of drawn crops that show no face. strangers float32 (s, d): vectors of faces of
    strangers, drawn ones where the encoder has no bank of real ones; None where there are neither.
    """

    faces: tuple[Face, ...]
    vectors: np.ndarray
    named: tuple[Face, ...]
    named_vectors: np.ndarray
    owners: tuple[str, ...]
    non_faces: np.ndarray
    strangers: np.ndarray | None = None

    @property
    def pictures(self) -> np.ndarray:
        """The picture of each unnamed face, int (n,): two faces of one are two people."""
        return np.array([face.picture_id for face in self.faces], np.int64)

    @property
    def quality(self) -> np.ndarray:
        """0 to 1 for each unnamed face, float (n,)."""
        return np.array([face.quality or NO_QUALITY for face in self.faces], float)


def unnamed_faces(catalogue: Catalogue) -> list[Face]:
    """The kept and proposed faces that are nobody's, without balancing copies and those that are not in the cast."""
    return catalogue.faces(character_id=None, state=LIVE_FACES, ignored=False, copy_of=None)


def unnamed_ids(catalogue: Catalogue) -> set[int]:
    """The ids of the same faces."""
    equal = {"character_id": None, "state": LIVE_FACES, "ignored": False, "copy_of": None}
    query = select(t.faces.c.id).where(*conditions(t.faces, equal))
    with catalogue.reading() as db:
        return set(db.execute(query).scalars())


def named_keys(catalogue: Catalogue) -> tuple[tuple[FaceKey, ...], tuple[str, ...]]:
    """Kept faces of active characters, at most COMPARED of each, and the names of these; until somebody commits."""
    return catalogue.remembered("named faces", lambda: _read_named(catalogue))


def _read_named(catalogue: Catalogue) -> tuple[tuple[FaceKey, ...], tuple[str, ...]]:
    names: dict[int | None, str] = {character.id: character.name for character in catalogue.characters()}
    each = min(COMPARED, max(IN_ALL // max(len(names), 1), LEAST))
    spread = spread_ids(catalogue, each, ignored=False)
    ids = [i for character, own in spread.items() if character in names for i in own]
    face_of = {face.id: face for face in face_keys(catalogue, ids)}
    chosen = tuple(face_of[i] for i in ids if i in face_of and face_of[i].character_id in names)
    return chosen, tuple(names[face.character_id] for face in chosen)


def read_heap(
    project: Project, encoder: Path | None = None, *, report: Reporter = silent, load: Loader | None = None
) -> Heap:
    """The heap by the encoder in a file, or the one in use; what it has not seen is embedded now (stage `embed`).

    A face that cannot be read is passed over. Raises EncoderError where there is no encoder.
    """
    encoder = encoder or encoder_in_use(project).path
    compared, names = named_keys(project.catalogue)
    ids = [face.id for face in compared]
    owner_of, face_of = dict(zip(ids, names, strict=True)), {f.id: f for f in project.catalogue.faces(ids=ids)}
    everyone = [*unnamed_faces(project.catalogue), *(face_of[i] for i in ids if i in face_of)]
    everyone, vectors = embed_readable(project, everyone, encoder, report, load=load)
    faces, named = [f for f in everyone if f.id not in owner_of], [f for f in everyone if f.id in owner_of]
    owners = tuple(owner_of[face.id] for face in named)
    bank = non_face_vectors(project.workspace, encoder, load=load) if faces else vectors[:0]
    strangers = _strangers(project, encoder, load or load_embedder) if faces else None
    return Heap(tuple(faces), vectors[: len(faces)], tuple(named), vectors[len(faces) :], owners, bank, strangers)


def _strangers(project: Project, encoder: Path, load: Loader) -> np.ndarray | None:
    digest = encoder_digest(encoder)
    bank = load_impostors(digest)
    return drawn_stranger_vectors(project.workspace, digest, lambda: load(encoder)) if bank is None else bank


def faces_to_embed(project: Project, encoder: Path | None = None) -> int:
    """How many faces have to be embedded before they can be grouped: for a page that must not wait."""
    encoder = encoder or encoder_in_use(project).path
    unnamed = face_keys(project.catalogue, unnamed_ids(project.catalogue))
    everyone: list[Keyed] = [*unnamed, *named_keys(project.catalogue)[0]]
    return len(everyone) - len(cached_embeddings(project, everyone, encoder)[0])


def heap_key(project: Project, encoder: Path) -> str:
    """Changes with whatever groups depend on: the faces, whose the named ones are, what they look like, the encoder."""
    key = hashlib.sha256(encoder_digest(encoder).encode())
    for face in unnamed_faces(project.catalogue):
        key.update(f"{face.id} {face.picture_id} {face.sha256 or face.box.as_list()} {face.quality}\0".encode())
    for face, name in zip(*named_keys(project.catalogue), strict=True):
        key.update(f"{face.id} {face.sha256} {name}\0".encode())
    return key.hexdigest()[:24]
