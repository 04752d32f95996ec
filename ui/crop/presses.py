"""What was pressed in the browser is done: in order, each once, about the picture and the face that the person saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.crop import review as decide
from core.crop.canvas_edits import CanvasEdits, View, canvas_boxes, moved_box
from core.crop.presses import MAX_TRIES, Press, unapplied
from core.errors import DataError, WhoAmIError
from core.imaging.boxes import Box
from core.workspace.project import Project
from core.workspace.tables import Face, Picture
from ui.common.from_core import said
from ui.common.language import _
from ui.crop import actions
from ui.crop.canvas import DRAWING, drawing_key
from ui.crop.state import Review

STAGE = "review_stage"
"""Key of the component that sends the presses."""


def apply_presses(project: Project, review: Review) -> None:
    """Do what arrived since the last run. A drawn box whose drawing is still on its way, and all after it, wait."""
    for press in unapplied(_state(STAGE).get("presses"), review.token, review.acknowledged):
        if press.act == "drawn" and not _drawing(review).get("objects") and press.tries < MAX_TRIES:
            return
        try:
            _apply(project, review, press)
        except WhoAmIError as error:
            review.problem = said(str(error))
        review.acknowledged = press.serial


def _apply(project: Project, review: Review, press: Press) -> None:
    if press.act in ("undo", "redo"):
        getattr(actions, press.act)(project, review)
        return
    _go_to(project, review, press)
    if press.act in ("next", "back"):
        review.step(1 if press.act == "next" else -1)
    elif press.act == "redraw":
        review.redraw = not review.redraw
    elif press.act == "zoom":
        review.zoom = not review.zoom
    elif press.act == "face":
        actions.next_face(review)
    elif press.act == "select":
        review.active = press.face
    else:
        picture = project.catalogue.picture(review.at) if review.at is not None else None
        if picture is None:
            return
        if press.act == "aside":
            actions.set_aside(project, review, picture)
        elif press.act == "drawn":
            _draw(project, review, picture, press)
        else:
            _decide(project, review, picture, press)


def _go_to(project: Project, review: Review, press: Press) -> None:
    """To the picture and the face that the press is about, with the revision that the person saw."""
    if press.picture is not None and press.picture != review.at:
        review.go(press.picture)
    review.faces = decide.live_faces(project.catalogue, review.at) if review.at is not None else []
    if press.face is not None:
        review.active = press.face


def _decide(project: Project, review: Review, picture: Picture, press: Press) -> None:
    """A decision about a face. Raises CatalogueError where the face was decided elsewhere since it was shown."""
    face = _as_seen(project, review, press)
    rest = [f for f in review.faces if f.id != face.id]
    names = {c.name: c for c in project.catalogue.characters()}
    acts: Mapping[str, Callable[[], object]] = {
        "keep": lambda: actions.keep(project, review, face),
        "reject": lambda: actions.reject(project, review, face, actions.reason()),
        "only": lambda: actions.keep_only(project, review, face, rest),
        "all": lambda: actions.keep_all(project, review, [face, *rest]),
        "name": lambda: actions.name(project, review, face, names[press.name]),
        "move": lambda: _edit(project, review, picture, face, CanvasEdits(moved={face.id: _box(face, picture, press)})),
        "rename": lambda: _edit(project, review, picture, face, CanvasEdits(renamed={face.id: press.name})),
        "remove": lambda: _edit(project, review, picture, face, CanvasEdits(deleted=(face.id,))),
    }
    acts[press.act]()
    touched = project.catalogue.faces(ids=[face.id, *(f.id for f in rest)])
    review.mine.update({f.id: f.revision for f in touched})


def _as_seen(project: Project, review: Review, press: Press) -> Face:
    """The face with the revision that was shown; this tab's own later decisions do not count as somebody else's."""
    if press.face is None:
        raise DataError(_("There is no face selected. Click one, or draw one."))
    face = project.catalogue.face(press.face)
    return face if review.mine.get(face.id) == face.revision else replace(face, revision=press.revision)


def _edit(project: Project, review: Review, picture: Picture, face: Face, edits: CanvasEdits) -> None:
    review.message = decide.apply_canvas(project, picture, [face], edits)


def _box(face: Face, picture: Picture, press: Press) -> Box:
    if press.box is None:
        raise DataError(_("The box arrived without its coordinates."))
    return moved_box(face.box, Box(*press.box), picture.width, picture.height)


def _draw(project: Project, review: Review, picture: Picture, press: Press) -> None:
    """The boxes that were drawn beside the others, or the one that replaces a face's."""
    drawing, region = _drawing(review), press.region
    review.drawings += 1  # the canvas is empty again
    review.redraw = False
    if region is None:
        return
    x, y, scale = region
    width, height = round((picture.width - x) * scale), round((picture.height - y) * scale)
    boxes = canvas_boxes(drawing, View(x, y, scale, min(width, DRAWING), min(height, DRAWING)))
    if not boxes:
        review.message = _("That box was too small for a face.")
        return
    instead = next((f for f in review.faces if f.id == press.instead), None)
    edits = CanvasEdits(drawn=tuple(boxes))
    review.message = decide.apply_canvas(project, picture, review.faces, edits, instead_of=instead)
    review.faces = decide.live_faces(project.catalogue, picture.id)
    review.active = instead.id if instead else max(f.id for f in review.faces)
    review.mine.update({f.id: f.revision for f in review.faces if f.id == review.active})


def _drawing(review: Review) -> Mapping[str, Any]:
    drawn = _state(drawing_key(review)).get("drawing") or {}
    return drawn.get("raw") or {}


def _state(key: str) -> Mapping[str, Any]:
    """What a component of this page said last, or nothing."""
    state = st.session_state.get(key)
    return state if isinstance(state, Mapping) else {}
