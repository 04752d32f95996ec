"""What the keys and buttons of the single view do: one decision each, then on to what is next."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.crop import review as decide
from core.crop.queue import neighbour
from core.errors import WhoAmIError
from core.workspace import characters, faces
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.states import FaceState
from core.workspace.tables import Change, Character, Face, Picture
from ui.common.from_core import said
from ui.common.language import _
from ui.common.undo import make_again, take_back
from ui.crop.state import Review


def guarded(review: Review, act: Callable[[], object]) -> None:
    """Do it, with its error as a sentence on the page."""
    try:
        act()
    except WhoAmIError as error:
        review.problem = said(str(error))
    review.generation += 1


def reason() -> str:
    """Why faces are rejected, as chosen beside the buttons."""
    return str(st.session_state.get("rv_reason") or "not a face")


def keep(project: Project, review: Review, face: Face) -> None:
    """Keep the face; on to the next that is undecided."""
    faces.keep(project, [face])
    _onwards(project.catalogue, review)


def reject(project: Project, review: Review, face: Face, reason: str) -> None:
    """Reject the face with a reason; on to the next that is undecided."""
    faces.reject(project, [face], reason)
    _onwards(project.catalogue, review)


def name(project: Project, review: Review, face: Face, character: Character) -> None:
    """The face is another character's; on to the next that is undecided."""
    faces.relabel(project, [face], character)
    _onwards(project.catalogue, review)


def keep_only(project: Project, review: Review, face: Face, others: list[Face]) -> None:
    """Keep this face, reject the others; on to the next picture."""
    faces.keep_only(project, face, others)
    review.step(1)


def keep_all(project: Project, review: Review, shown: list[Face]) -> None:
    """Keep all faces; on to the next picture."""
    faces.keep(project, shown)
    review.step(1)


def set_aside(project: Project, review: Review, picture: Picture) -> None:
    """The picture is of no use; on to the next."""
    faces.reject_picture(project, picture)
    review.step(1)


def refer(project: Project, face: Face) -> None:
    """This face is what the others of its character are compared with."""
    if face.character_id is not None:
        character = project.catalogue.character(face.character_id)
        characters.set_values(project, character, "chose a reference face", reference_face=face.id)


def _onwards(catalogue: Catalogue, review: Review) -> None:
    """To the next undecided face of this picture, else to the next picture."""
    here = decide.live_faces(catalogue, review.at) if review.at is not None else []
    left = [f for f in here if f.state == FaceState.PROPOSED]
    if left:
        review.active = left[0].id
    else:
        review.step(1)


def undo(project: Project, review: Review) -> None:
    """Take the last decision back and go to its picture."""
    _went(project.catalogue, review, *take_back(project), _("There is nothing to undo."))


def redo(project: Project, review: Review) -> None:
    """Make the last undone decision again and go to its picture."""
    _went(project.catalogue, review, *make_again(project), _("There is nothing to redo."))


def _went(catalogue: Catalogue, review: Review, change: Change | None, words: str, nothing: str) -> None:
    there = None if change is None else decide.picture_of(catalogue, change)
    if there is not None:
        review.go(there)
    review.message = words or nothing


def next_face(review: Review) -> None:
    """Another face of this picture is the one that the keys are about."""
    if review.faces:
        review.active = neighbour([*(f.id for f in review.faces), review.faces[0].id], review.active, 1)


def redraw(review: Review) -> None:
    """The next box drawn replaces the active face's; again: it does not."""
    review.redraw = not review.redraw


def zoom(review: Review) -> None:
    """Closer to the active face, or back."""
    review.zoom = not review.zoom
