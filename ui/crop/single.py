"""One picture after the other: its boxes on the stage, the crop beside the reference, a key for every decision."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.crop import review as decide
from core.errors import PictureError
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.states import FaceState, PictureState, ReviewState
from core.workspace.tables import Face, Picture
from ui.common.from_core import said
from ui.common.language import N_, _
from ui.common.text import plain
from ui.crop import actions
from ui.crop import shortcuts as keys
from ui.crop.canvas import drawing_canvas, preview, readable
from ui.crop.details import details, guarded_button
from ui.crop.filter import tally_line
from ui.crop.found import found_help, found_words, size_words
from ui.crop.presses import apply_presses
from ui.crop.reference import reference_image
from ui.crop.shortcuts import with_key
from ui.crop.stage import stage
from ui.crop.state import Review, review_of
from ui.crop.suggestions import suggestions

UNNAMED = N_("unnamed")
"""Shown where a picture or a face has no character yet."""


@st.fragment
def one_by_one(project: Project) -> None:
    """The single view. A fragment: a key runs this and nothing else of the page."""
    review = review_of(project)
    apply_presses(project, review)
    if review.at is None:
        st.success(_("No picture is waiting for review with this filter."), icon=":material/done_all:")
        return
    picture = project.catalogue.picture(review.at)
    review.faces = decide.live_faces(project.catalogue, picture.id)
    _choose_active(review)
    _head(review, project.catalogue, picture)
    with st.container(horizontal=True, gap="medium", key="review_row"):
        with st.container(gap="small", key="review_canvas"):
            with st.container(key="review_picture", gap=None):
                place = st.container()
                with st.container(key="review_draw"):
                    drawing_canvas(review, _label(project, picture))
            st.html(_legend())
        with st.container(gap="small", key="review_side"):
            names = _side(project, review, picture)
    with names:
        suggested = _suggest(project, review)
    with place:  # last: the next keys are not sent before all of this has been drawn
        stage(project, review, suggested)


STYLE = """<style>
[data-testid='stMain']:focus-visible::before, [data-testid='stMain']:focus-visible::after { display: none; }
.st-key-review_row { align-items: flex-start; }
[data-testid='stLayoutWrapper']:has(> .st-key-review_canvas) { flex: 1000 1 430px; min-width: min(430px, 100%); }
[data-testid='stLayoutWrapper']:has(> .st-key-review_side) { flex: 1 0 clamp(290px, 23vw, 460px); min-width: 0; }
.wr-legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; font-size: 0.85rem; margin: 0; padding: 0; }
.wr-legend b { display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.4em; border: 3px solid; }
@media (max-width: 640px) {
  .st-key-review_decide { display: flex; position: fixed; z-index: 100; left: 0; right: 0; bottom: 0;
    padding: 0.5rem 1rem; background: light-dark(#ffffff, #0f1318);
    border-top: 1px solid light-dark(#d5dde5, #3a4653); }
  .st-key-review_looks [data-testid='stHorizontalBlock'] { flex-wrap: nowrap; }
  .st-key-review_looks [data-testid='stColumn'] { min-width: 0; }
}
@media (hover: none), (pointer: coarse), (max-width: 640px) {
  .st-key-review_side code, .st-key-rv_sheet { display: none; }
}
</style>"""
"""The stage takes what the panel leaves, and the panel falls below it only where there is no room for both; a key
pressed after a click would draw the browser's focus frame around the whole page. On a telephone the decision stays at
the bottom of the screen, under the thumb, and both faces stand side by side; without a keyboard no keys are named."""

LEGEND = (("#e91e73", N_("selected")), ("#e07b00", N_("proposed")), ("#1b9e5a", N_("kept")))
"""Colour of a box, and what it says."""


def _legend() -> str:
    colours = "".join(f'<span><b style="border-color:{colour}"></b>{_(words)}</span> ' for colour, words in LEGEND)
    hint = _("Drag beside the boxes to draw one; {key} shows all keys.", key="<kbd>?</kbd>")
    return f'<p class="wr-legend">{colours}<span class="for-keys">{hint}</span></p>'


def _head(review: Review, catalogue: Catalogue, picture: Picture) -> None:
    character = plain(catalogue.character(picture.character_id).name) if picture.character_id else _(UNNAMED)
    reason = review.reasons.get(picture.id, "")
    colour = "red" if reason == "nothing found" else "green" if reason in ("fine", "") else "orange"
    badge = f":{colour}-badge[{_(reason)}]" if reason else ""
    state = f" :green-badge[{_('done')}]" if picture.review == ReviewState.DONE else ""
    aside = ""
    if picture.state != PictureState.KEPT:
        aside = f" :gray-badge[{_('set aside: {reason}', reason=plain(said(picture.reason)))}]"
    st.html(STYLE)
    st.progress(review.place / max(len(review.ids), 1))
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        place = _("{n:,} of {total:,}", n=review.place, total=len(review.ids))
        words = f"**{place}** · {character} {badge}{state}{aside}"
        details = _(
            "{path}, {width} x {height} pixels, from {source}",
            path=picture.path,
            width=picture.width,
            height=picture.height,
            source=picture.source or "?",
        )
        st.markdown(words, help=details, width="content")
        st.caption(plain(said(review.message)) or tally_line(catalogue), width="content")
    if review.problem:
        st.error(plain(review.problem), icon=":material/error:")
    review.problem = review.message = ""


def _label(project: Project, picture: Picture) -> str:
    """The name that a drawn box gets."""
    owner = st.session_state.get("rv_label") or picture.character_id
    return project.catalogue.character(owner).name if owner else ""


def _side(project: Project, review: Review, picture: Picture) -> DeltaGenerator:
    """Decisions first, so that Keep is reached at once; crop and reference. Returns the place for suggested names."""
    face = _active(review)
    others = [f for f in review.faces if face is not None and f.id != face.id]
    _decisions(project, review, picture, face, others)
    suggested = st.container(horizontal=True, gap="small", vertical_alignment="center")
    _looks(project, review, picture, face)
    more = st.expander(_("Name, box, reasons"), key="rv_details", on_change="rerun")
    if more.open:  # a third of the time of a key, for what few look at
        with more:
            details(project, review, picture, face)
    return suggested


def _looks(project: Project, review: Review, picture: Picture, face: Face | None) -> None:
    """The face's crop beside a face of its character; or what is wrong."""
    path = project.workspace.path(picture.path)
    try:
        crop = preview(path, face.box) if face is not None else None
        if face is None:
            readable(path)
    except PictureError as error:
        st.error(plain(said(str(error))), icon=":material/broken_image:")
        return
    if face is None or crop is None:
        st.info(_("No face here yet. Draw one on the picture, or set the picture aside."), icon=":material/draw:")
        return
    with st.container(key="review_looks"):
        left, right = st.columns(2)
    left.image(crop, width="stretch", alt=_("The crop"))
    left.caption(_about(face), help=found_help(face))
    owner = face.character_id
    name = plain(project.catalogue.character(owner).name) if owner is not None else _(UNNAMED)
    reference = reference_image(project, owner, besides=face.id) if owner is not None else None
    if reference is not None:
        right.image(reference, width="stretch", alt=_("Reference: {name}", name=name))
        right.caption(_("{name}, for comparison", name=name))
    elif owner is not None:
        right.caption(_("{name} has no other kept face to compare with yet.", name=name))
    else:
        right.caption(_("No name yet, so there is nobody to compare with."))


def _suggest(project: Project, review: Review) -> list[str]:
    """Whom the face looks like, each name one key away; the names."""
    face = _active(review)
    if face is None:
        return []
    by_name = {c.name: c for c in project.catalogue.characters()}
    found = [(name, score) for name, score in suggestions(project, face) if name in by_name][: len(keys.NAMES)]
    if found:
        words = _("With the similarity to each character, by which the encoder in use compares: at most 1.")
        st.caption(_("Looks like"), width="content", help=words)
    for key, (name, score) in zip(keys.NAMES, found, strict=False):
        label = with_key(f"{plain(name)} {score:.2f}", key)
        guarded_button(label, f"rv_like_{key}", review, actions.name, project, review, face, by_name[name])
    return [name for name, score in found]


def _decisions(project: Project, review: Review, picture: Picture, face: Face | None, others: list[Face]) -> None:
    """A row each for: this face, and on; all faces of the picture; its boxes; what was done before."""
    none = face is None
    with st.container(horizontal=True, gap="xsmall", key="review_decide"):
        guarded_button(
            with_key(_("Keep"), "K"), "rv_keep", review, actions.keep, project, review, face, off=none, primary=True
        )
        guarded_button(
            with_key(_("Reject"), "X"), "rv_reject", review, actions.reject, project, review, face,
            actions.reason(), off=none,
        )  # fmt: skip
        st.button(with_key(_("Next"), "→"), key="rv_next", on_click=review.step, args=(1,))
    if others:
        with st.container(horizontal=True, gap="xsmall"):
            every = [face, *others]
            guarded_button(
                with_key(_("Only this"), "O"), "rv_only", review, actions.keep_only, project, review, face, others
            )
            guarded_button(with_key(_("Keep all"), "A"), "rv_all", review, actions.keep_all, project, review, every)
            st.button(with_key(_("Next face"), "F"), key="rv_face", on_click=actions.next_face, args=(review,))
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            with_key(_("Redraw") if not none else _("Draw"), "D"),
            key="rv_draw",
            on_click=actions.redraw,
            args=(review,),
            type="primary" if review.redraw else "secondary",
            help=_("The next box that you draw replaces this face's box."),
        )
        label = with_key(_("Zoom out") if review.zoom else _("Zoom"), "M")
        st.button(label, key="rv_zoom", on_click=actions.zoom, args=(review,), disabled=none)
        guarded_button(with_key(_("Set aside"), "N"), "rv_aside", review, actions.set_aside, project, review, picture)
    with st.container(horizontal=True, gap="xsmall"):
        st.button(with_key(_("Back"), "←"), key="rv_back", on_click=review.step, args=(-1,))
        guarded_button(with_key(_("Undo"), "Z"), "rv_undo", review, actions.undo, project, review)
        guarded_button(_("Redo"), "rv_redo", review, actions.redo, project, review)
        st.button(with_key(_("Keys"), "?"), key="rv_sheet", type="tertiary")


def _choose_active(review: Review) -> None:
    ids = [f.id for f in review.faces]
    if review.active not in ids:
        open_ = [f.id for f in review.faces if f.state == FaceState.PROPOSED]
        review.active = next(iter(open_ or ids), None)


def _active(review: Review) -> Face | None:
    return next((f for f in review.faces if f.id == review.active), None)


def _about(face: Face) -> str:
    return f"{_(face.state)} · {size_words(face)} · {found_words(face)}"
