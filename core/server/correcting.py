"""Corrections over HTTP: the same acts as the pages', on a face of the workspace or on a crop that comes alone."""

from __future__ import annotations

from core.errors import DataError
from core.imaging.reading import read_picture
from core.server.encoded import from_base64
from core.server.schemas import Correction
from core.workspace import corrections, faces
from core.workspace.chosen import chosen_faces
from core.workspace.lone import LoneFace
from core.workspace.project import Project
from core.workspace.tables import Change


def corrected(project: Project, correction: Correction) -> Change | None:
    """Write a correction; None where it was decided already. Raises DataError where its fields do not go together."""
    if (correction.face is None) == (correction.picture is None):
        raise DataError("A correction is about one face: send its id as `face`, or a crop as `picture`.")
    chosen = [] if correction.face is None else chosen_faces(project.catalogue, [correction.face])
    if correction.action in ("relabel", "not_this") and correction.character is None:
        raise DataError(f"Name the character: {correction.action} needs `character`.")
    if correction.action.startswith("not_"):
        return _said_not(project, correction)
    if not chosen:
        raise DataError("A crop is corrected by not_this, not_in_cast or not_a_face; /v1/enrol takes it in.")
    if correction.action == "reject":
        return faces.reject(project, chosen, correction.reason)
    if correction.action == "keep":
        return faces.keep(project, chosen)
    return faces.relabel(project, chosen, correction.character or "")


def _said_not(project: Project, correction: Correction) -> Change | None:
    item = _crop(correction.picture) if correction.face is None else correction.face
    if correction.action == "not_this":
        return corrections.not_this(project, [item], correction.character or "")
    act = corrections.not_in_cast if correction.action == "not_in_cast" else corrections.not_a_face
    return act(project, [item])


def _crop(picture: str | None) -> LoneFace:
    try:
        data = from_base64(picture or "")
    except ValueError as error:  # binascii.Error is one; letters beyond ASCII raise a plain one
        raise DataError("`picture` is not base64. Encode the picture file as base64.") from error
    return LoneFace(read_picture(data, name="picture"))
