"""One picture after the other: its boxes on the canvas, the crop beside the reference, a key for every decision."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.crop import review as decide
from core.crop.canvas_edits import View, differences
from core.crop.queue import neighbour
from core.errors import PictureError, WhoAmIError
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.states import FaceState, PictureState, ReviewState
from core.workspace.tables import Face, Picture
from ui.common.text import plain
from ui.crop import actions as actions
from ui.crop import shortcuts as keys
from ui.crop.canvas import background, boxes_canvas, initial_drawing, preview
from ui.crop.details import details, guarded_button
from ui.crop.filter import tally_line
from ui.crop.reference import reference_image
from ui.crop.state import Review, review_of
from ui.crop.suggestions import suggestions

UNNAMED = "unnamed"
"""Shown where a picture or a face has no character yet."""

CANVAS = (590, 560)
"""Most width and height of the canvas in pixels."""


@st.fragment
def one_by_one(project: Project) -> None:
    """The single view. A fragment: a key runs this and nothing else of the page."""
    review = review_of(project)
    if review.at is None:
        st.success("Nothing is waiting for a look with this filter.", icon=":material/done_all:")
        return
    picture = project.catalogue.picture(review.at)
    _head(review, project.catalogue, picture)
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=CANVAS[0] + 6, gap="small", key="review_canvas"):
            _steps(project, review)
            readable = _canvas(project, review, picture)
        with st.container(width=340, gap="small", key="review_side"):
            names = _side(project, review, picture, readable)
    with names:
        _suggest(project, review)
    _prepare_next(project, review)


STYLE = """<style>
[data-testid='stMain']:focus-visible::before, [data-testid='stMain']:focus-visible::after { display: none; }
@media (max-width: 1050px) { .st-key-review_picture { zoom: 0.8; } }
@media (max-width: 640px) { .st-key-review_picture { zoom: 0.55; } }
</style>"""
"""A key pressed after a click on the canvas would draw the browser's focus frame around the whole page; and the canvas
has a size in pixels of its own, which a narrow window has not."""


def _head(review: Review, catalogue: Catalogue, picture: Picture) -> None:
    character = plain(catalogue.character(picture.character_id).name) if picture.character_id else UNNAMED
    reason = review.reasons.get(picture.id, "")
    colour = "red" if reason == "nothing found" else "green" if reason in ("fine", "") else "orange"
    badge = f":{colour}-badge[{reason}]" if reason else ""
    state = " :green-badge[done]" if picture.review == ReviewState.DONE else ""
    aside = f" :gray-badge[set aside: {plain(picture.reason)}]" if picture.state != PictureState.KEPT else ""
    st.html(STYLE)
    st.progress(review.place / max(len(review.ids), 1))
    place = f"**{review.place:,} of {len(review.ids):,}** · {character} {badge}{state}{aside}"
    st.markdown(place, help=f"{picture.path}, {picture.width} x {picture.height} pixels, from {picture.source or '?'}")
    if review.problem:
        st.error(plain(review.problem), icon=":material/error:")
    st.caption(plain(review.message) or tally_line(catalogue))
    review.problem = review.message = ""


def _steps(project: Project, review: Review) -> None:
    with st.container(horizontal=True, gap="small"):
        st.button("Back", key="rv_back", shortcut=keys.BACK, on_click=review.step, args=(-1,))
        st.button("Next", key="rv_next", shortcut=keys.NEXT, on_click=review.step, args=(1,))
        guarded_button("Undo", "rv_undo", keys.UNDO, review, actions.undo, project, review)
        guarded_button("Redo", "rv_redo", keys.REDO, review, actions.redo, project, review)


def _canvas(project: Project, review: Review, picture: Picture) -> bool:
    """The canvas, and what was changed on it. False where the picture cannot be read."""
    names = {c.id: c.name for c in project.catalogue.characters(removed=True)}
    key = f"canvas_{picture.id}_{review.generation}"
    if review.drawing[0] != key:
        review.faces = decide.live_faces(project.catalogue, picture.id)
        _choose_active(review)
    view = _view(review, picture)
    if review.drawing[0] != key:
        review.drawing = (key, initial_drawing(review.faces, names, view, review.active))
    path = project.workspace.path(picture.path)
    try:
        shown = background(path, view)
    except PictureError as error:
        st.error(plain(str(error)), icon=":material/broken_image:")
        return False
    label = names.get(st.session_state.get("rv_label") or picture.character_id or 0, "")
    with st.container(key="review_picture", gap=None):
        boxes = boxes_canvas(shown, view, review.drawing[1], key=key, label=label)
    edits = differences(boxes, review.faces, names, view)
    st.caption("Drag on the picture to draw a face. The pencil above its corner moves, resizes, renames and deletes.")
    if edits:
        instead = _active(review) if review.redraw else None
        try:
            review.message = decide.apply_canvas(project, picture, review.faces, edits, instead_of=instead)
            review.faces = decide.live_faces(project.catalogue, picture.id)
            if edits.drawn:
                review.redraw = False
                review.active = instead.id if instead else max(f.id for f in review.faces)
            else:
                review.active = next(iter({**edits.moved, **edits.renamed}), review.active)
        except WhoAmIError as error:
            review.problem = str(error)
        if edits.drawn or edits.deleted or review.problem:
            review.generation += 1
        st.rerun(scope="fragment")
    return True


def _side(project: Project, review: Review, picture: Picture, readable: bool) -> DeltaGenerator:
    """Crop, reference and decisions. Returns the place for suggested names: they come last, nothing waits for them."""
    face = _active(review)
    if face is not None and readable:
        left, right = st.columns(2)
        left.image(preview(project.workspace.path(picture.path), face.box), width="stretch", alt="The crop")
        left.caption(_about(face))
        owner = face.character_id
        name = plain(project.catalogue.character(owner).name) if owner is not None else UNNAMED
        reference = reference_image(project, owner, besides=face.id) if owner is not None else None
        if reference is not None:
            right.image(reference, width="stretch", alt=f"Reference: {name}")
            right.caption(f"{name}, for comparison")
        else:
            right.caption(f"{name}: no kept face to compare with yet")
    elif readable:
        st.info("No face here yet. Draw one on the picture, or set the picture aside.", icon=":material/draw:")
    others = [f for f in review.faces if face is not None and f.id != face.id]
    _decisions(project, review, picture, face, others)
    suggested = st.container(horizontal=True, gap="small", vertical_alignment="center")
    with st.expander("Name, box, reasons", expanded=False):
        details(project, review, picture, face)
    return suggested


def _suggest(project: Project, review: Review) -> None:
    """Whom the face looks like, each name one key away."""
    face = _active(review)
    if face is None:
        return
    by_name = {c.name: c for c in project.catalogue.characters()}
    found = [(name, score) for name, score in suggestions(project, face) if name in by_name]
    if found:
        st.caption("Looks like", width="content")
    for key, (name, score) in zip(keys.NAMES, found, strict=False):
        label = f"{plain(name)} {score:.2f}"
        guarded_button(label, f"rv_like_{key}", key, review, actions.name, project, review, face, by_name[name])


def _decisions(project: Project, review: Review, picture: Picture, face: Face | None, others: list[Face]) -> None:
    reason = st.session_state.get("rv_reason") or "not a face"
    none = face is None
    with st.container(horizontal=True, gap="small"):
        guarded_button(
            "Keep",
            "rv_keep",
            keys.KEEP,
            review,
            actions.keep,
            project,
            review,
            face,
            off=none,
            primary=True,
        )
        guarded_button(
            "Reject",
            "rv_reject",
            keys.REJECT,
            review,
            actions.reject,
            project,
            review,
            face,
            reason,
            off=none,
        )
        if others:
            guarded_button("Only this", "rv_only", keys.ONLY, review, actions.keep_only, project, review, face, others)
            guarded_button("Keep all", "rv_all", keys.ALL, review, actions.keep_all, project, review, [face, *others])
            st.button("Next face", key="rv_face", shortcut=keys.FACE, on_click=actions.next_face, args=(review,))
        st.button(
            "Redraw" if not none else "Draw",
            key="rv_draw",
            shortcut=keys.DRAW,
            on_click=actions.redraw,
            args=(review,),
            type="primary" if review.redraw else "secondary",
            help="The next box that you draw replaces this face's box.",
        )
        label = "Zoom out" if review.zoom else "Zoom"
        st.button(label, key="rv_zoom", shortcut=keys.ZOOM, on_click=actions.zoom, args=(review,), disabled=none)
        guarded_button("Set aside", "rv_aside", keys.ASIDE, review, actions.set_aside, project, review, picture)


def _choose_active(review: Review) -> None:
    ids = [f.id for f in review.faces]
    if review.active not in ids:
        open_ = [f.id for f in review.faces if f.state == FaceState.PROPOSED]
        review.active = next(iter(open_ or ids), None)


def _active(review: Review) -> Face | None:
    return next((f for f in review.faces if f.id == review.active), None)


def _view(review: Review, picture: Picture) -> View:
    face = _active(review) if review.zoom else None
    return View.of(picture.width, picture.height, CANVAS, face.box if face else None)


def _about(face: Face) -> str:
    state = face.state
    who = "drawn by hand" if face.detector == "person" else f"{face.detector} {face.score:.2f}"
    return f"{state} · {round(face.w)} x {round(face.h)} px · {plain(who)}"


def _prepare_next(project: Project, review: Review) -> None:
    """Read the next picture while the person looks at this one."""
    following = neighbour(review.ids, review.at, 1)
    if following is None or following == review.at:
        return
    picture = project.catalogue.picture(following)
    path = project.workspace.path(picture.path)
    try:
        background(path, View.of(picture.width, picture.height, CANVAS))
        for face in decide.live_faces(project.catalogue, following)[:1]:
            preview(path, face.box)
    except PictureError:
        return  # it is told when the person gets there
