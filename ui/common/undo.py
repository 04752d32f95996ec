"""Take back the last decision, and make it again: one pair of buttons that say what they will do."""

from __future__ import annotations

import streamlit as st

from core.workspace import decisions
from core.workspace.catalogue import Catalogue
from core.workspace.folders import Workspace
from core.workspace.tables import Change
from ui.common.errors import show_errors
from ui.common.state import flash


def undo_buttons(workspace: Workspace, catalogue: Catalogue, *, key: str = "undo", shortcuts: bool = False) -> None:
    """Undo and redo, each with the name of the decision in its tooltip; disabled where there is nothing."""
    back, again = catalogue.next_undo(), catalogue.next_redo()
    with st.container(horizontal=True, gap="small"):
        _button("Undo", ":material/undo:", back, f"{key}_undo", "Mod+Z" if shortcuts else None, workspace, catalogue)
        _button("Redo", ":material/redo:", again, f"{key}_redo", None, workspace, catalogue)


def _button(
    label: str,
    icon: str,
    change: Change | None,
    key: str,
    shortcut: str | None,
    workspace: Workspace,
    catalogue: Catalogue,
) -> None:
    help = f"{label}: {change.action}" if change else f"Nothing to {label.lower()}."
    if st.button(label, icon=icon, key=key, help=help, disabled=change is None, shortcut=shortcut):
        with show_errors():
            done = getattr(decisions, label.lower())(workspace, catalogue)
            if done:
                flash(f"{'Taken back' if label == 'Undo' else 'Done again'}: {done.action}")
            st.rerun()
