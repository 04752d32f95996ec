"""Many faces at once: pick several and keep, reject or name them; or one character, where a click rejects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from core.crop.face_list import FaceList
from core.errors import PictureError, WhoAmIError
from core.workspace import faces as faces_of
from core.workspace.crops import crop_path
from core.workspace.faces import REASONS
from core.workspace.project import Project
from core.workspace.states import FaceState
from core.workspace.tables import Face
from ui.common.from_core import said
from ui.common.grid import Tile, thumb
from ui.common.language import N_, _
from ui.common.names import name_picker
from ui.common.text import capital, count, plain, sentence
from ui.common.undo import undo_buttons
from ui.crop.canvas import preview
from ui.crop.faces_grid import apply_grid_presses, decide, faces_grid
from ui.crop.found import found_words, size_words
from ui.crop.state import Review, review_of

STATES = (FaceState.PROPOSED, FaceState.KEPT, FaceState.REJECTED)
EMPTY = {
    FaceState.PROPOSED: N_("No proposed faces here."),
    FaceState.KEPT: N_("No kept faces here."),
    FaceState.REJECTED: N_("No rejected faces here."),
}
SIDE = 116
PAGE = 40
"""Faces drawn at a time."""
COUNTED = 50_000
"""Faces up to which it is counted beforehand how many are the best of their picture: half a second."""


@st.fragment
def grid(project: Project) -> None:
    """The faces of the characters chosen, by state. A fragment: a key runs this and nothing else of the page."""
    review = review_of(project)
    apply_grid_presses(project, review, st.session_state.get("rg_reason") or "")
    characters = {c.id: c.name for c in project.catalogue.characters()}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        first = FaceState.PROPOSED if project.catalogue.counts("faces", state=FaceState.PROPOSED) else FaceState.KEPT
        st.session_state.setdefault("rg_state", first)
        state = st.segmented_control(_("Faces"), STATES, format_func=_, key="rg_state", required=True) or first
        names = st.multiselect(
            _("Characters"),
            list(characters),
            format_func=characters.__getitem__,
            key="rg_names",
            placeholder=_("All"),
            width=320,
        )
        odd = st.toggle(_("Outliers only"), key="rg_odd", disabled=not review.odd, help=_(_ODD_HELP))
        quick = st.toggle(_("A click rejects"), key="rg_quick", help=_("For going through one character fast."))
    reason = st.pills(_("Reason for rejecting"), REASONS, default="other character", format_func=_, key="rg_reason")
    faces = FaceList(state, tuple(names), review.odd if odd else None)
    review.picked &= faces.among(project.catalogue, review.picked)  # the others are not acted on unseen
    if quick and state != FaceState.REJECTED:
        _said(review)
        undo_buttons(project, key="rg_undo")
        _click_to_reject(project, review, _paged(project, faces), characters, reason or "")
        return
    if not faces.count(project.catalogue):  # nothing to pick: only what was done a moment ago can be taken back
        undo_buttons(project, key="rg_undo")
        _said(review)
        st.info(_(EMPTY[state]), icon=":material/grid_off:")
        return
    _bar(project, review, faces, reason or "")
    _said(review)
    shown = _paged(project, faces)
    tiles = [
        Tile(face.id, source, characters.get(face.character_id or 0, _("unnamed")), _about(face))
        for face, source in _sources(project, shown)
    ]
    faces_grid(review, tiles)
    with st.container(key="for_keys"):
        st.caption(_(_KEYS_HELP))


def _said(review: Review) -> None:
    """What the last act did, or why it could not."""
    if review.problem:
        st.error(plain(review.problem), icon=":material/error:")
    if review.message:
        st.success(f"{plain(sentence(review.message))} {_('Undo takes it back.')}", icon=":material/check:")
    review.problem = review.message = ""


def _bar(project: Project, review: Review, faces: FaceList, reason: str) -> None:
    """What to do with the picked ones, and with all."""
    picked = sorted(review.picked)
    n = count(len(picked), "face") if picked else _("the picked")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="bottom", key="rg_bar"):
        _act(project, review, _("Keep {faces}", faces=n), "rg_keep", "keep", faces, primary=True)
        _act(project, review, _("Reject {faces}", faces=n), "rg_reject", "reject", faces, reason=reason)
        target = name_picker(
            project, _("Name picked"), key="rg_target", hidden=True, placeholder=_("Whose are they?"), width=220
        )
        st.button(
            _("Give this name"),
            key="rg_name",
            disabled=target is None,
            on_click=_name,
            args=(project, review, target),
        )
        undo_buttons(project, key="rg_undo")
    every = faces.count(project.catalogue)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="rg_bulk"):
        label = _("Pick all {n:,}", n=every)
        st.button(label, key="rg_pick_all", on_click=_pick_all, args=(project, review, faces))
        st.button(_("Pick none"), key="rg_pick_none", on_click=review.picked.clear, disabled=not picked)
        if faces.state != FaceState.REJECTED:
            label, help, rest = _best_of_each(project, faces, every)
            _act(project, review, label, "rg_best", "best", faces, off=not rest, help=help)
        st.caption(_("{n:,} of {faces} picked", n=len(picked), faces=count(every, "face")), width="content")


def _best_of_each(project: Project, faces: FaceList, every: int) -> tuple[str, str, int]:
    """Words of the button and of its help, and how many faces would be rejected; of very many that is not counted."""
    if every > COUNTED:
        help = _("The highest score on each picture is kept; the others here are rejected.")
        return _("Keep the best face of each picture"), help, 1
    best, rest = faces.best_of_each(project.catalogue)
    help = _("The highest score on each picture is kept; {faces} here are rejected.", faces=count(rest, "other face"))
    return _("Keep the best face of each of {pictures}", pictures=count(best, "picture")), help, rest


def _pick_all(project: Project, review: Review, faces: FaceList) -> None:
    review.picked.update(faces.ids(project.catalogue))


def _act(
    project: Project,
    review: Review,
    label: str,
    key: str,
    act: str,
    every: FaceList,
    *,
    reason: str = "",
    primary: bool = False,
    off: bool = False,
    help: str | None = None,
) -> None:
    """A button for one act, on the picked faces or on every one. Those picked a moment ago are counted when it acts."""

    def do() -> None:
        apply_grid_presses(project, review, reason)
        about = every.ids(project.catalogue) if act == "best" else sorted(review.picked)
        if about:
            decide(project, review, act, about, reason)
        else:
            review.problem = _("Pick some faces first: click them, or move with the arrow keys and press Space.")

    st.button(label, key=key, on_click=do, disabled=off, type="primary" if primary else "secondary", help=help)


def _name(project: Project, review: Review, target: str | None) -> None:
    apply_grid_presses(project, review, "")
    faces = project.catalogue.faces(ids=sorted(review.picked)) if review.picked else []
    if not faces or target is None:
        review.problem = _("Pick some faces first, and say whose they are.")
        return
    try:
        change = faces_of.relabel(project, faces, target)
        review.message = capital(said(change.action)) if change else _("Nothing to change.")
        review.picked.clear()
    except WhoAmIError as error:
        review.problem = said(str(error))
    review.generation += 1


def _click_to_reject(
    project: Project,
    review: Review,
    faces: list[Face],
    characters: dict[int, str],
    reason: str,
) -> None:
    def reject(face: Face) -> None:
        try:
            faces_of.reject(project, [face], reason)
        except WhoAmIError as error:
            review.problem = said(str(error))
        review.generation += 1

    with st.container(horizontal=True, gap="small"):
        for face, source in _sources(project, faces):
            with st.container(width=SIDE, gap=None):
                data = thumb(source, SIDE * 2)
                label = characters.get(face.character_id or 0, _("unnamed"))
                if data is None:
                    st.caption(_("cannot be read"))
                else:
                    st.image(data, width="stretch", alt=label)
                st.button(
                    plain(label),
                    key=f"rg_click_{face.id}",
                    icon=":material/close:",
                    width="stretch",
                    on_click=reject,
                    args=(face,),
                    help=_("Reject: {reason} ({about})", reason=_(reason or "no reason"), about=_about(face)),
                )


def _paged(project: Project, faces: FaceList) -> list[Face]:
    """The faces of one page; only these are read and drawn."""
    pages, at = -(-faces.count(project.catalogue) // PAGE), 1
    if pages > 1:
        at = min(st.pagination(pages, key="rg_page"), pages)
    return faces.page(project.catalogue, (at - 1) * PAGE, PAGE)


def _sources(project: Project, faces: list[Face]) -> Iterator[tuple[Face, Path | bytes]]:
    """Each face with its file, or with its crop cut from the picture where it has no file (a proposal)."""
    pictures = {p.id: p for p in project.catalogue.pictures(ids={f.picture_id for f in faces})}
    for face in faces:
        at = crop_path(project.workspace, face.path, face.state)
        if at is not None and at.exists():
            yield face, at
            continue
        try:
            yield face, preview(project.workspace.path(pictures[face.picture_id].path), face.box)
        except PictureError:
            yield face, project.workspace.path(pictures[face.picture_id].path or face.path)


def _about(face: Face) -> str:
    return _(", ").join((found_words(face), size_words(face), f"id {face.id}"))


_ODD_HELP = N_(
    "Faces far from the others of their character. “Compare faces” below finds them, once there is an encoder."
)

_KEYS_HELP = N_(
    "Click to pick, Shift-click for everything in between. Keys: arrows move, Space picks, Shift+arrows extend, "
    "A picks this page, Esc none, K keeps, X rejects, Z undoes."
)
