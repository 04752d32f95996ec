"""The row above every view: which view, how far the naming has come, and undo in words."""

from __future__ import annotations

import streamlit as st

from core.characters.naming import Session
from core.similarity.naming import IGNORED
from core.workspace.project import Project
from ui.characters.actions import redo, undo
from ui.characters.desk import Desk, marker_of
from ui.common.state import show_flash
from ui.common.text import count, plain

VIEWS = ("Name faces", "Everyone", "Is this …?")
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
            "View", VIEWS, key="characters_view", label_visibility="collapsed", required=True, on_change=desk.close
        )
        with st.container(horizontal=True, gap="small", width="content"):
            _undo(project, desk)
    if session.unnamed:
        words = f"{named - ignored:,} of {count(len(session.faces) - ignored, 'face')} named"
        st.progress(named / max(len(session.faces), 1), text=words + (f", {ignored:,} left out" if ignored else ""))
    return view or default


def _undo(project: Project, desk: Desk) -> None:
    back, again = project.catalogue.next_undo(), project.catalogue.next_redo()
    own = desk.aside[-1] if desk.aside and desk.aside[-1][0] == marker_of(project.catalogue) else None
    what = own[2] if own is not None else back.action if back is not None else ""
    st.button(
        "Undo",
        icon=":material/undo:",
        key="undo",
        on_click=undo,
        args=(project, desk),
        disabled=not what,
        shortcut=UNDO,
        help=f"Undo: {plain(what)}" if what else "Nothing to undo.",
    )
    st.button(
        "Redo", icon=":material/redo:", key="redo", on_click=redo, args=(project, desk), disabled=again is None,
        shortcut=REDO, help=f"Redo: {plain(again.action)}" if again else "Nothing to redo.",
    )  # fmt: skip
