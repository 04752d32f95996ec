"""The row above every view: which view, how far the naming has come, and undo in words."""

from __future__ import annotations

import streamlit as st

from core.characters.naming import Session
from core.similarity.naming import IGNORED
from core.workspace.project import Project
from ui.characters.actions import redo, undo
from ui.characters.desk import Desk, marker_of
from ui.common.from_core import said
from ui.common.language import N_, _
from ui.common.state import show_flash
from ui.common.text import count, plain

VIEWS = (N_("Name faces"), N_("Everyone"), N_("Is this …?"))
UNDO, REDO = "Mod+Z", "Mod+Shift+Z"


def head(project: Project, desk: Desk, session: Session) -> str:
    """Draw it; the chosen view."""
    show_flash()
    named = len(session.faces) - session.unnamed
    ignored = int((session.naming.owner == IGNORED).sum())
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", horizontal_alignment="distribute"):
        default = VIEWS[0] if session.unnamed else VIEWS[1]
        st.session_state.setdefault("characters_view", default)
        view = st.segmented_control(
            _("View"),
            VIEWS,
            format_func=_,
            key="characters_view",
            label_visibility="collapsed",
            required=True,
            on_change=desk.close,
        )
        with st.container(horizontal=True, gap="small", width="content"):
            _undo(project, desk)
    if session.unnamed:
        words = _(
            "{named:,} of {faces} named", named=named - ignored, faces=count(len(session.faces) - ignored, "face")
        )
        if ignored:
            words += _(", {n:,} left out", n=ignored)
        st.progress(named / max(len(session.faces), 1), text=words)
    return view or default


def _undo(project: Project, desk: Desk) -> None:
    back, again = project.catalogue.next_undo(), project.catalogue.next_redo()
    own = desk.aside[-1] if desk.aside and desk.aside[-1][0] == marker_of(project.catalogue) else None
    what = own[2] if own is not None else back.action if back is not None else ""
    st.button(
        _("Undo"),
        icon=":material/undo:",
        key="undo",
        on_click=undo,
        args=(project, desk),
        disabled=not what,
        shortcut=UNDO,
        help=f"{_('Undo')}: {plain(said(what))}" if what else _("Nothing to undo."),
    )
    st.button(
        _("Redo"), icon=":material/redo:", key="redo", on_click=redo, args=(project, desk), disabled=again is None,
        shortcut=REDO, help=f"{_('Redo')}: {plain(said(again.action))}" if again else _("Nothing to redo."),
    )  # fmt: skip
