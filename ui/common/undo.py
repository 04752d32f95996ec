"""Take back the last decision, and make it again: one pair of buttons that say what they will do.

A change of very many rows takes seconds: its undo is a job, whose progress every page shows (ui.common.header).
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.commands import undo as command
from core.workspace import undo as history
from core.workspace.project import Project
from core.workspace.tables import Change
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.jobs import start_job
from ui.common.language import _
from ui.common.state import flash


def undo_buttons(project: Project, *, key: str = "undo", shortcuts: bool = False) -> None:
    """Undo and redo, each with the name of the decision in its tooltip; disabled where there is nothing."""
    back, again = project.catalogue.next_undo(), project.catalogue.next_redo()
    with st.container(horizontal=True, gap="small", width="content"):
        shortcut = "Mod+Z" if shortcuts else None
        _button(_("Undo"), ":material/undo:", back, f"{key}_undo", shortcut, lambda: take_back(project)[1])
        _button(_("Redo"), ":material/redo:", again, f"{key}_redo", None, lambda: make_again(project)[1])


def take_back(project: Project) -> tuple[Change | None, str]:
    """Undo: the change, and the words to tell; (None, "") where there is none. None too where it has become a job."""
    change = project.catalogue.next_undo()
    if change is not None and history.is_long(project.catalogue, change):
        start_job(project, command.Arguments())
        return None, _("Taking back: {action}", action=said(change.action))
    change = history.undo(project)
    return change, undone(change.action) if change else ""


def make_again(project: Project) -> tuple[Change | None, str]:
    """Redo, as `take_back`."""
    change = project.catalogue.next_redo()
    if change is not None and history.is_long(project.catalogue, change):
        start_job(project, command.Arguments(redo=True))
        return None, _("Making again: {action}", action=said(change.action))
    change = history.redo(project)
    return change, _("Redone: {action}", action=said(change.action)) if change else ""


def undone(action: str) -> str:
    """What undo says afterwards."""
    return _("Undone: {action}", action=said(action))


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
