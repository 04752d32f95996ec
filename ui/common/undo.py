"""Take back the last decision, and make it again: one pair of buttons that say what they will do."""

from __future__ import annotations

import streamlit as st

from core.workspace import undo as history
from core.workspace.project import Project
from core.workspace.tables import Change
from ui.common.errors import show_errors
from ui.common.state import flash


def undo_buttons(project: Project, *, key: str = "undo", shortcuts: bool = False) -> None:
    """Undo and redo, each with the name of the decision in its tooltip; disabled where there is nothing."""
    back, again = project.catalogue.next_undo(), project.catalogue.next_redo()
    with st.container(horizontal=True, gap="small"):
        _button("Undo", ":material/undo:", back, f"{key}_undo", "Mod+Z" if shortcuts else None, project)
        _button("Redo", ":material/redo:", again, f"{key}_redo", None, project)


def _button(
    label: str,
    icon: str,
    change: Change | None,
    key: str,
    shortcut: str | None,
    project: Project,
) -> None:
    help = f"{label}: {change.action}" if change else f"Nothing to {label.lower()}."
    if st.button(label, icon=icon, key=key, help=help, disabled=change is None, shortcut=shortcut):
        with show_errors():
            done = getattr(history, label.lower())(project)
            if done:
                flash(f"{'Undone' if label == 'Undo' else 'Redone'}: {done.action}")
            st.rerun()
