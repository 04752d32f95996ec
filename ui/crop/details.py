"""What can be said of one face beside its buttons: whose it is, why it is rejected, its box in numbers."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.errors import DataError
from core.imaging.boxes import Box
from core.workspace import faces as faces_of
from core.workspace.faces import REASONS
from core.workspace.project import Project
from core.workspace.tables import Face, Picture
from ui.common.language import _
from ui.common.names import name_picker
from ui.crop import actions
from ui.crop.state import Review


def guarded_button(
    label: str,
    key: str,
    review: Review,
    act: Callable[..., object],
    *args: object,
    off: bool = False,
    primary: bool = False,
) -> None:
    """A button whose error becomes a message of the review."""
    st.button(
        label,
        key=key,
        on_click=actions.guarded,
        args=(review, lambda: act(*args)),
        disabled=off,
        type="primary" if primary else "secondary",
    )


def details(project: Project, review: Review, picture: Picture, face: Face | None) -> None:
    """Whose a drawn box is, why a face is rejected, whose this face is, and its box in numbers."""
    characters = {c.id: c.name for c in project.catalogue.characters()}
    ids = list(characters)
    st.selectbox(
        _("A drawn box belongs to"),
        ids,
        index=ids.index(picture.character_id) if picture.character_id in ids else 0,
        format_func=characters.__getitem__,
        key="rv_label",
        persist_state="session",
    )
    st.pills(
        _("Reason for rejecting"),
        REASONS,
        default="not a face",
        format_func=_,
        key="rv_reason",
        persist_state="session",
    )
    if face is None:
        return
    # Made anew whenever the face is changed: an older field would take back what a key, a window or an undo did.
    state = f"{face.id}_{face.revision}_{review.generation}"
    own = characters.get(face.character_id or 0)
    chosen = name_picker(project, _("This face is"), key=f"rv_name_{state}", proposed=own)
    if chosen is not None and chosen != own:
        actions.guarded(review, lambda: faces_of.relabel(project, [face], chosen))
        st.rerun(scope="fragment")
    guarded_button(_("Compare others with this face"), "rv_reference", review, actions.refer, project, face)
    columns = st.columns(4)
    numbers = [
        column.number_input(name, value=round(value), step=1, key=f"rv_{name}_{state}")
        for column, name, value in zip(columns, "xywh", (face.x, face.y, face.w, face.h), strict=True)
    ]
    if st.button(_("Use these numbers"), key="rv_numbers"):
        actions.guarded(review, lambda: faces_of.move(project, face, _box(numbers, picture)))
        st.rerun(scope="fragment")


def _box(numbers: list[int], picture: Picture) -> Box:
    x, y, w, h = numbers
    box = Box(x, y, w, h).clip(picture.width, picture.height) if w > 0 and h > 0 else None
    if box is None:
        raise DataError(
            _(
                "The box {x}, {y}, {w} x {h} holds nothing of a picture of {width} x {height}. Width and height "
                "start at 1.",
                x=x,
                y=y,
                w=w,
                h=h,
                width=picture.width,
                height=picture.height,
            )
        )
    return box
