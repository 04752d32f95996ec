"""Many faces at once: pick several and keep, reject or name them; or one character, where a click rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import streamlit as st

from core.errors import PictureError, WhoAmIError
from core.workspace import faces as faces_of
from core.workspace.crops import crop_path
from core.workspace.faces import REASONS
from core.workspace.project import Project
from core.workspace.states import FaceState
from core.workspace.tables import Change, Face
from ui.common.grid import Tile, forget_picks, picture_grid, thumb
from ui.common.names import name_picker
from ui.common.state import flash
from ui.common.text import count, plain
from ui.common.undo import undo_buttons
from ui.crop.canvas import preview
from ui.crop.state import Review, review_of

STATES = (FaceState.PROPOSED, FaceState.KEPT, FaceState.REJECTED)
SIDE = 116
PAGE = 40
"""Faces drawn at a time."""


@st.fragment
def grid(project: Project) -> None:
    """The faces of the characters chosen, by state."""
    review = review_of(project)
    characters = {c.id: c.name for c in project.catalogue.characters()}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        state = st.segmented_control("Faces", STATES, default=FaceState.PROPOSED, key="rg_state", required=True)
        names = st.multiselect(
            "Characters",
            list(characters),
            format_func=characters.__getitem__,
            key="rg_names",
            placeholder="All",
            width=320,
        )
        odd = st.toggle("Outliers only", key="rg_odd", disabled=not review.odd, help=_ODD_HELP)
        quick = st.toggle("A click rejects", key="rg_quick", help="For going through one character fast.")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        reason = st.pills("Reason for rejecting", REASONS, default="other character", key="rg_reason")
        with st.container(width="content"):
            undo_buttons(project, key="rg_undo")
    faces = project.catalogue.faces(state=state, copy_of=None, **({"character_id": names} if names else {}))
    if odd:
        faces = [f for f in faces if f.id in review.odd]
    faces.sort(key=lambda f: (f.score, f.id) if state == FaceState.PROPOSED else (f.character_id or 0, f.quality, f.id))
    if not faces:
        st.info(f"No {state} faces here.", icon=":material/grid_off:")
        return
    order = ", the least sure first" if state == FaceState.PROPOSED else ""
    st.caption(f"{count(len(faces), 'face')}{order}")
    if quick and state != FaceState.REJECTED:
        _click_to_reject(project, review, faces, characters, reason or "")
        return
    keep, reject, name, target = _bar(project)
    faces = _paged(faces)
    tiles = [
        Tile(face.id, source, characters.get(face.character_id or 0, "?"), _about(face))
        for face, source in _sources(project, faces)
    ]
    picked = set(picture_grid(tiles, key=f"rg_{state}", side=SIDE, page_size=PAGE, pick=True))
    chosen = [f for f in faces if f.id in picked]
    if not (keep or reject or name):
        return
    if not chosen:
        st.warning("Pick some faces first.")
        return
    if keep:
        _do(review, f"rg_{state}", lambda: faces_of.keep(project, chosen))
    elif reject:
        _do(review, f"rg_{state}", lambda: faces_of.reject(project, chosen, reason or ""))
    elif target is not None:
        _do(review, f"rg_{state}", lambda: faces_of.relabel(project, chosen, target))


def _bar(project: Project) -> tuple[bool, bool, bool, str | None]:
    """The buttons over the grid: whether to keep, to reject, to name, and after whom."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="rg_bar"):
        keep = st.button("Keep picked", key="rg_keep", icon=":material/check:", type="primary")
        reject = st.button("Reject picked", key="rg_reject", icon=":material/close:")
        target = name_picker(
            project, "Name picked", key="rg_target", hidden=True, placeholder="Whose are they?", width=220
        )
        name = st.button("Give this name", key="rg_name", disabled=target is None)
    return keep, reject, name, target


def _do(review: Review, key: str, act: Callable[[], Change | None]) -> None:
    try:
        change = act()
        flash(change.action[:1].upper() + change.action[1:] if change else "Nothing to change.")
        forget_picks(key)
    except WhoAmIError as error:
        st.error(plain(str(error)))
        return
    review.generation += 1
    st.rerun()


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
            review.problem = str(error)
        review.generation += 1

    if review.problem:
        st.error(plain(review.problem))
        review.problem = ""
    with st.container(horizontal=True, gap="small"):
        for face, source in _sources(project, _paged(faces)):
            with st.container(width=SIDE, gap=None):
                data = thumb(source, SIDE * 2)
                if data is None:
                    st.caption("cannot be read")
                else:
                    st.image(data, width=SIDE)
                label = characters.get(face.character_id or 0, "?")
                st.button(
                    plain(label),
                    key=f"rg_click_{face.id}",
                    icon=":material/close:",
                    width="stretch",
                    on_click=reject,
                    args=(face,),
                    help=f"Reject: {reason or 'no reason'} ({_about(face)})",
                )


def _paged(faces: list[Face]) -> list[Face]:
    """The faces of one page; only these are read and drawn."""
    pages = -(-len(faces) // PAGE)
    if pages <= 1:
        return faces
    at = min(st.pagination(pages, key="rg_page"), pages)
    return faces[(at - 1) * PAGE : at * PAGE]


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
    return f"{face.detector} {face.score:.2f}, {round(face.w)} x {round(face.h)} px, id {face.id}"


_ODD_HELP = "Faces far from the others of their character. “Compare faces” below finds them, once there is an encoder."
