"""Take back the last decision, and make it again: one pair of buttons that say what they will do."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.workspace import undo as history
from core.workspace.project import Project
from core.workspace.tables import Change
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.language import _
from ui.common.state import flash


def undo_buttons(project: Project, *, key: str = "undo", shortcuts: bool = False) -> None:
    """Undo and redo, each with the name of the decision in its tooltip; disabled where there is nothing."""
    back, again = project.catalogue.next_undo(), project.catalogue.next_redo()
    with st.container(horizontal=True, gap="small", width="content"):
        shortcut = "Mod+Z" if shortcuts else None
        _button(_("Undo"), ":material/undo:", back, f"{key}_undo", shortcut, lambda: _undo(project))
        _button(_("Redo"), ":material/redo:", again, f"{key}_redo", None, lambda: _redo(project))


def undone(action: str) -> str:
    """What undo says afterwards."""
    return _("Undone: {action}", action=said(action))


def redone(action: str) -> str:
    """What redo says afterwards."""
    return _("Redone: {action}", action=said(action))


def _button(
    label: str, icon: str, change: Change | None, key: str, shortcut: str | None, act: Callable[[], str]
) -> None:
    """act: does it, and gives the words to show."""
    nothing = _("Nothing to undo.") if icon == ":material/undo:" else _("Nothing to redo.")
    help = f"{label}: {said(change.action)}" if change else nothing
    if st.button(label, icon=icon, key=key, help=help, disabled=change is None, shortcut=shortcut):
        with show_errors():
            words = act()
            if words:
                flash(words)
            st.rerun()


def _undo(project: Project) -> str:
    done = history.undo(project)
    return undone(done.action) if done else ""


def _redo(project: Project) -> str:
    done = history.redo(project)
    return redone(done.action) if done else ""
