"""What can be done with faces that were picked: give them to another character, or reject them; both undoable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from core.workspace import faces as faces_of
from core.workspace.crops import crop_path
from core.workspace.faces import REASONS
from core.workspace.folders import Workspace
from core.workspace.project import Project
from core.workspace.tables import Character, Face
from ui.common.errors import show_errors
from ui.common.grid import Tile, forget_picks, picture_grid
from ui.common.language import _
from ui.common.names import name_picker
from ui.common.state import flash
from ui.common.text import count, plain


def face_tile(workspace: Workspace, face: Face, caption: str = "") -> Tile:
    """A face as a picture of a grid."""
    return Tile(face.id, crop_path(workspace, face.path, face.state) or workspace.path(face.path), caption)


def relabel(project: Project, faces: Sequence[Face], character: Character | str) -> None:
    """Give faces to a character, known or new, and run the page again."""
    with show_errors():
        words = _(
            "{faces} given to {name}. Undo takes it back.",
            faces=count(len(faces), "face"),
            name=character if isinstance(character, str) else character.name,
        )
        faces_of.relabel(project, faces, character)
        flash(plain(words))
        st.rerun()


def reject_faces(project: Project, faces: Sequence[Face], reason: str) -> None:
    """Reject faces with a reason, and run the page again."""
    with show_errors():
        n = count(len(faces), "face")
        words = (
            _("{faces} rejected: {reason}. Undo takes it back.", faces=n, reason=_(reason))
            if reason
            else _("{faces} rejected. Undo takes it back.", faces=n)
        )
        faces_of.reject(project, faces, reason)
        flash(plain(words))
        st.rerun()


def picked_faces(
    project: Project,
    faces: Sequence[Face],
    names: dict[int, str],
    *,
    key: str,
    height: int | Literal["content"] = "content",
) -> None:
    """What to do with the picked ones, and the faces as pictures to pick from. One face alone needs no picking.

    names: character id -> name. height in pixels: the pictures scroll within it.
    """
    above = st.container()
    with st.container(height=height, border=False):
        tiles = [face_tile(project.workspace, f, names.get(f.character_id or 0, "")) for f in faces]
        ids = picture_grid(tiles, key=key, side=92, page_size=24, pick=len(faces) > 1)
    chosen = list(faces) if len(faces) == 1 else [f for f in faces if f.id in set(ids)]
    with above:
        _bar(project, chosen, key)


def _bar(project: Project, chosen: list[Face], key: str) -> None:
    n = count(len(chosen), "face") if chosen else _("the picked")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = name_picker(project, _("Is really"), key=f"{key}_name", placeholder=_("a name"), width=150)
        if st.button(_("Relabel {faces}", faces=n), key=f"{key}_relabel", disabled=not chosen or name is None) and name:
            forget_picks(key)
            relabel(project, chosen, name)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        reason = st.selectbox(
            _("Does not belong"), REASONS, index=None, placeholder=_("a reason"), key=f"{key}_reason", width=150,
            accept_new_options=True, format_func=_,
        )  # fmt: skip
        if st.button(_("Reject {faces}", faces=n), key=f"{key}_reject", disabled=not chosen):
            forget_picks(key)
            reject_faces(project, chosen, reason or "")
    if not chosen:
        st.caption(_("Pick faces first."))
