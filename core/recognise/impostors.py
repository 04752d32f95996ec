"""The bank of strangers that a gallery is judged by (core.workspace.impostors reads the shipped one).

An encoder that a user has trained from the shipped one has no bank of its own: there the enrolled faces, seen by both,
carry the shipped one over (core.similarity.calibration).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from core.errors import EncoderError, PictureError
from core.progress import Reporter, silent
from core.recognise.gallery import Gallery
from core.similarity.cohort import Cohort
from core.similarity.prototypes import l2_normalize
from core.vision.specs import read_encoder_header
from core.workspace.embeddings import embed_faces, encoder_digest
from core.workspace.impostors import load_impostors
from core.workspace.models import shipped_path
from core.workspace.project import Project

RELATED = 0.5
"""Mean cosine between a face's two vectors from which one encoder is taken for a training of the other: it was .9 after
Quick; two that learned apart have about 0."""


@dataclass(frozen=True)
class Bank:
    """vectors float32 (m, d): faces of strangers. before (n, d): the gallery's faces by the bank's encoder, where the
    gallery is of one that was trained from it."""

    vectors: np.ndarray
    before: np.ndarray | None = None

    @cached_property
    def cohort(self) -> Cohort | None:
        """What a face of the bank's encoder needs beyond the threshold."""
        return Cohort.of(self.vectors)


def find_bank(project: Project, gallery: Gallery, report: Reporter = silent) -> Bank | None:
    """The bank for a gallery: that of its encoder, or the shipped one with the gallery's faces by the shipped encoder.

    None where there is none, or the two encoders have little in common (one that began with random weights).
    """
    own = load_impostors(gallery.encoder, colourless=gallery.is_colourless)
    if own is not None or not len(gallery):
        return None if own is None else Bank(own)
    shipped = shipped_path()
    vectors = None
    if shipped.exists():
        vectors = load_impostors(encoder_digest(shipped), colourless=gallery.is_colourless)
    if vectors is None or gallery.dim not in (vectors.shape[1], *_beginnings(shipped)):
        return None
    faces = {str(face.id): face for face in project.catalogue.faces(ids=map(int, gallery.faces))}
    if set(gallery.faces) - set(faces):
        return None  # a gallery that the catalogue does not know any more
    try:
        own_faces = [faces[face] for face in gallery.faces]
        before = embed_faces(project, own_faces, shipped, report, colourless=gallery.is_colourless)
    except PictureError:  # a damaged face that only its own encoder has seen
        return None
    if vectors.shape[1] > gallery.dim:  # trained from an encoder without what stands behind: details, colours
        vectors, before = (l2_normalize(one[:, : gallery.dim]) for one in (vectors, before))
    alike = float(np.sum(before * gallery.embeddings, axis=1).mean())
    return Bank(vectors, before) if alike >= RELATED else None


def _beginnings(encoder: Path) -> tuple[int, ...]:
    """So many numbers of the encoder's vectors are vectors of encoders before it."""
    try:
        return read_encoder_header(encoder)[0].beginnings
    except EncoderError:
        return ()


def has_colourless_bank(project: Project, gallery: Gallery) -> bool:
    """Whether there are strangers without colours for the sibling of a gallery."""
    bank = find_bank(project, gallery)
    if bank is None:
        return False
    encoder = gallery.encoder if bank.before is None else encoder_digest(shipped_path())
    return load_impostors(encoder, colourless=True) is not None
