"""Faces whose files are missing or damaged are passed over and named; the step goes on with the others."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from core.errors import DataError, PictureError
from core.progress import Progress, Reporter, silent
from core.workspace.crops import face_pixels
from core.workspace.embeddings import Loader, cached_embeddings, embed_faces
from core.workspace.project import Project
from core.workspace.tables import Face

NAMED = 3
"""So many files are named in a sentence; `doctor` names all."""


def unreadable_faces(project: Project, faces: Sequence[Face]) -> list[Face]:
    """Those of the faces whose pixels cannot be read, in order."""

    def fails(face: Face) -> bool:
        try:
            face_pixels(project, face)
        except PictureError:
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        return [face for face, failed in zip(faces, pool.map(fails, faces), strict=True) if failed]


def embed_readable(
    project: Project,
    faces: Sequence[Face],
    encoder: Path,
    report: Reporter = silent,
    *,
    colourless: bool = False,
    load: Loader | None = None,
) -> tuple[list[Face], np.ndarray]:
    """The faces that can be read and their embeddings float32 (n, d), as `embed_faces`; the others are told.

    Others may be lost while it embeds: it goes on for as long as a face is left. Raises DataError where none is.
    """
    left, lost = list(faces), list[Face]()
    while True:
        try:
            vectors = embed_faces(project, left, encoder, report, colourless=colourless, load=load)
        except PictureError as error:
            known = {f.id for f in cached_embeddings(project, left, encoder, colourless=colourless)[0]}
            newly = unreadable_faces(project, [f for f in left if f.id not in known])
            if not newly:
                raise
            gone = {f.id for f in newly}
            lost += newly
            left = [f for f in left if f.id not in gone]
            if not left:
                raise DataError(f"None of the faces can be read: {error}") from error
            continue
        if lost:
            report(Progress("embed", len(left), len(faces), note=passed_over(lost)))
        return left, vectors


def passed_over(faces: Sequence[Face]) -> str:
    """For a person: which faces were left out, and what to do; "" for none."""
    if not faces:
        return ""
    named = ", ".join(face.path for face in faces[:NAMED]) + (" and others" if len(faces) > NAMED else "")
    faces_were = "1 face was" if len(faces) == 1 else f"{len(faces):,} faces were"
    return f"{faces_were} passed over, the file missing or damaged: {named}. `doctor --repair` helps."
