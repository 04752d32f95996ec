"""Who is enrolled, and their vectors: the catalogue says who, the cache of embeddings has the numbers.

Nothing else is kept, so that an undo, another name or a merge reaches the next answer by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.errors import DataError, PictureError
from core.imaging.reading import read_picture
from core.progress import Reporter, silent
from core.recognise.colourless import EACH, mostly_colourless
from core.recognise.corrections import NOBODY as NOT_IN_CAST
from core.recognise.corrections import Corrections
from core.recognise.gallery import Gallery
from core.recognise.impostors import find_bank, has_colourless_bank
from core.recognise.shipped_cast import CAST, NO_CAST, NO_CAST_HERE, load_cast
from core.recognise.synthetic_impostors import synthetic_impostors
from core.vision import load_encoder
from core.workspace.arrays import kept_vectors
from core.workspace.catalogue import Catalogue
from core.workspace.corrections import NO_FACE
from core.workspace.drawn_strangers import drawn_stranger_vectors
from core.workspace.embeddings import cached_embeddings, embeddings_state, encoder_digest
from core.workspace.enrolment import set_enrolled
from core.workspace.locks import step_lock
from core.workspace.models import SHIPPED, EncoderChoice, encoder_in_use, encoder_path
from core.workspace.project import Project
from core.workspace.readable import embed_readable
from core.workspace.staleness import faces_fingerprint
from core.workspace.states import FaceState, Part
from core.workspace.tables import Face

NOBODY = "Nobody is enrolled yet. Enrol the faces of this workspace first."
MOST_REJECTED = 500
"""Faces rejected as `not a face` that new pictures are compared with."""
PLAYED = 80
"""Enrolled faces, at most, whose hues are turned to play the stranger."""


def choose(project: Project, encoder: str | None) -> EncoderChoice:
    """The encoder of that name, or the one in use."""
    if encoder is None:
        return encoder_in_use(project)
    return EncoderChoice(encoder, encoder_path(project.workspace, encoder), "named by you")


def enrolled_faces(catalogue: Catalogue) -> tuple[list[Face], list[str]]:
    """The kept faces that recognising compares with, and their characters' names, by id of the face."""
    names = {c.id: c.name for c in catalogue.characters()}
    faces = catalogue.faces(state=FaceState.KEPT, copy_of=None, enrolled=True, ignored=False)
    faces = [f for f in faces if f.character_id in names]
    return faces, [names[f.character_id] for f in faces if f.character_id is not None]


def is_anybody_enrolled(catalogue: Catalogue) -> bool:
    """Whether there are enrolled faces: counted, not read."""
    active = {c.id for c in catalogue.characters()}
    enrolled = catalogue.counts("faces", state=FaceState.KEPT, copy_of=None, enrolled=True, ignored=False)
    return not active.isdisjoint(enrolled)


def corrected_faces(catalogue: Catalogue) -> list[Face]:
    """The faces that a person said something of: not a character, nobody of the cast, not a face (the newest 500)."""
    kept = catalogue.faces(state=FaceState.KEPT, copy_of=None)
    found = [f for f in kept if f.ignored or set(f.negatives) - {f.character_id}]
    rejected = catalogue.faces(state=FaceState.REJECTED, reason=NO_FACE, copy_of=None)
    return found + rejected[-MOST_REJECTED:]


def gallery_key(project: Project, digest: str) -> str:
    """Changes with whatever a gallery depends on: who is enrolled, by which faces, under which names and series, what
    was corrected, the encoder. Worked out once for a state of the catalogue."""
    return project.catalogue.remembered(("gallery key", digest), lambda: _gallery_key(project, digest))


def _gallery_key(project: Project, digest: str) -> str:
    faces, names = enrolled_faces(project.catalogue)
    key = hashlib.sha256(digest.encode())
    for face, name in zip(faces, names, strict=True):
        key.update(f"{face.id} {face.sha256} {name}\0".encode())
    for face in corrected_faces(project.catalogue):
        key.update(f"{face.id} {face.sha256} {face.state} {face.ignored} {face.negatives}\0".encode())
    key.update(repr(_series(project.catalogue)).encode())
    return key.hexdigest()


def waiting_faces(project: Project, choice: EncoderChoice) -> int:
    """How many enrolled faces the encoder has not seen yet: after a training, or an update that brought an encoder."""

    def count() -> int:
        faces, _ = enrolled_faces(project.catalogue)
        return len(faces) - len(cached_embeddings(project, faces, choice.path)[0])

    key = "waiting faces", *embeddings_state(project.workspace, choice.path)
    return project.catalogue.remembered(key, count)


def open_gallery(
    project: Project, choice: EncoderChoice, *, shipped_cast: bool = False, report: Reporter = silent
) -> Gallery:
    """The gallery of the enrolled faces by an encoder; what it has not seen yet is embedded now (stage `embed`).

    Without colours where most faces have none and there are strangers without. shipped_cast: with the characters that
    come with the app, and then perhaps without anybody enrolled. A face whose file cannot be read is left out; `doctor`
    names it. Raises DataError where nobody is enrolled, or where the encoder has no shipped cast.
    """
    digest = encoder_digest(choice.path)
    cast = load_cast(digest) if shipped_cast else None
    if shipped_cast and cast is None:
        raise DataError(NO_CAST_HERE.format(path=CAST) if choice.name == SHIPPED else NO_CAST.format(name=choice.name))
    faces, names = enrolled_faces(project.catalogue)
    if not faces:
        if cast is None:
            raise DataError(NOBODY)
        return replace(Gallery.empty(digest, cast.dim), cast=cast)
    gallery = replace(_gallery(project, choice, faces, names, report), cast=cast)
    if find_bank(project, gallery, report) is None:  # asked here, so that what it embeds is done before a page asks
        drawn = drawn_stranger_vectors(project.workspace, digest, lambda: load_encoder(choice.path))
        return replace(gallery, pretended=_played(project, faces, choice, digest), drawn=drawn)
    if mostly_colourless(project, faces) and has_colourless_bank(project, gallery):
        return _gallery(project, choice, faces, names, report, colourless=True)
    return gallery


def open_colourless(project: Project, choice: EncoderChoice, report: Reporter = silent) -> Gallery:
    """The same characters as they look without their colours, at most 24 faces of each."""
    faces, names = _few_of_each(*enrolled_faces(project.catalogue))
    return _gallery(project, choice, faces, names, report, colourless=True)


def _gallery(
    project: Project,
    choice: EncoderChoice,
    faces: Sequence[Face],
    names: Sequence[str],
    report: Reporter,
    *,
    colourless: bool = False,
) -> Gallery:
    """Of these faces and their characters' names, without strangers."""
    name_of = {face.id: name for face, name in zip(faces, names, strict=True)}
    readable, vectors = embed_readable(project, faces, choice.path, report, colourless=colourless)
    return Gallery(
        vectors,
        tuple(name_of[f.id] for f in readable),
        tuple(str(f.id) for f in readable),
        encoder_digest(choice.path),
        corrections=_corrections(project, choice, report, colourless),
        series=_series(project.catalogue),
        is_colourless=colourless,
    )


def enrol_all(project: Project, *, encoder: str | None = None, report: Reporter = silent) -> Gallery:
    """Enrol every kept face, copies and held-out strangers aside; one change. Raises DataError where there is none.

    Raises WorkspaceError, naming who does, where everybody is being enrolled already.
    """
    with step_lock(project.workspace, "enrol"):
        return _enrol_all(project, choose(project, encoder), report)


def _enrol_all(project: Project, choice: EncoderChoice, report: Reporter) -> Gallery:
    faces = [
        f
        for f in project.catalogue.faces(state=FaceState.KEPT, copy_of=None, ignored=False)
        if f.split != Part.STRANGER and f.character_id is not None
    ]
    if not faces:
        raise DataError(f"There is no kept face in {project.name} to enrol. Crop some, or import faces.")
    new = [f for f in faces if not f.enrolled]
    if new:
        set_enrolled(project, new, True, f"{len(new)} {'face' if len(new) == 1 else 'faces'} enrolled")
    return record_gallery(project, open_gallery(project, choice, report=report), choice)


def enrol_again(project: Project, *, encoder: str | None = None, report: Reporter = silent) -> Gallery:
    """Embed the enrolled faces by the encoder in use, after it changed. Raises DataError where nobody is enrolled."""
    with step_lock(project.workspace, "enrol"):
        choice = choose(project, encoder)
        return record_gallery(project, open_gallery(project, choice, report=report), choice)


def record_gallery(project: Project, gallery: Gallery, choice: EncoderChoice) -> Gallery:
    """Remember what the gallery was made from, so that the pages know when faces came since."""
    detail = {"encoder": choice.name, "faces": len(gallery), "characters": len(gallery.names)}
    project.catalogue.record_result("gallery", choice.name, faces_fingerprint(project.catalogue), detail)
    return gallery


def _series(catalogue: Catalogue) -> dict[str, str]:
    return {c.name: c.series for c in catalogue.characters() if c.series}


def _few_of_each(faces: Sequence[Face], names: Sequence[str]) -> tuple[list[Face], list[str]]:
    """At most EACH faces of each character, evenly spaced among its own, with their names."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    few = [own if len(own) <= EACH else [own[k * len(own) // EACH] for k in range(EACH)] for own in rows.values()]
    kept = sorted(row for own in few for row in own)
    return [faces[row] for row in kept], [names[row] for row in kept]


def _corrections(project: Project, choice: EncoderChoice, report: Reporter, colourless: bool) -> Corrections | None:
    """The corrected faces by an encoder; None where there are none that can be read."""
    faces = corrected_faces(project.catalogue)
    if not faces:
        return None
    try:
        faces, vectors = embed_readable(project, faces, choice.path, report, colourless=colourless)
    except DataError:
        return None
    names = {c.id: c.name for c in project.catalogue.characters()}
    return Corrections(
        vectors,
        tuple(str(f.id) for f in faces),
        tuple(frozenset(names[i] for i in f.negatives if i in names and i != f.character_id) for f in faces),
        tuple(NO_FACE if f.state == FaceState.REJECTED else NOT_IN_CAST if f.ignored else "" for f in faces),
    )


def _played(project: Project, faces: Sequence[Face], choice: EncoderChoice, digest: str) -> np.ndarray:
    """Vectors of some of the faces with their hues turned, where there is no bank of strangers; kept."""
    some = faces[:: max(len(faces) // PLAYED, 1)]
    key = hashlib.sha256("".join(f.sha256 for f in some).encode()).hexdigest()[:16]
    path = project.workspace.cache / "impostors" / f"{digest[:16]}-{key}.npz"

    def play() -> np.ndarray:
        vectors = load_encoder(choice.path).embed(synthetic_impostors(_readable(project, some)), framing="given")
        for old in path.parent.glob(f"{digest[:16]}-*.npz"):
            old.unlink(missing_ok=True)
        return vectors

    return kept_vectors(path, play)


def _readable(project: Project, faces: Sequence[Face]) -> list[np.ndarray]:
    found = []
    for face in faces:
        with suppress(PictureError):
            found.append(read_picture(Path(project.workspace.path(face.path))))
    return found
