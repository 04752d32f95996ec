"""What every page begins with: title, one sentence, the workspace, and whether what is here is out of date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from core.workspace.catalogue import Catalogue
from core.workspace.overview import next_page, overview, unnamed
from core.workspace.project import Project
from core.workspace.staleness import freshness
from core.workspace.workspaces import workspace_names
from ui.common.errors import show_error
from ui.common.from_core import said
from ui.common.jobs import job_panel, newest
from ui.common.language import N_, _, ngettext
from ui.common.links import lead_to, link, page
from ui.common.sign_in import gate
from ui.common.state import current, current_name, show_flash, state, use

MADE_BY = {"balance": "balance", "train": "run", "visualise": "map", "recognise": "gallery"}
"""The result that each step leaves behind (core.workspace.staleness)."""

NEEDS = {"train": ("balance",), "visualise": ("balance", "train")}
"""The steps whose result a step works from. Recognise is not among them: a face that was enrolled after the training is
recognised without another one."""

LABELS = {
    "balance": N_("The faces have changed since they were divided."),
    "train": N_("The faces or their division have changed since the last training."),
    "visualise": N_("The faces have changed since this map was made."),
    "recognise": N_("The faces have changed since the gallery was enrolled."),
}


def open_page(title: str, step: str, icon: str = "", intro: str = "") -> Project:
    """Draw a page's head and give the open workspace; without one, say where to get it and stop."""
    gate()
    _through_home()
    st.title(f"{icon or page(step).icon} {title}")
    if intro:
        st.markdown(intro)
    names = workspace_names()
    workspace_picker(names)
    show_flash()
    try:
        opened = current(names)
        with st.container():  # a place of its own: what lies below does not move when the line comes or goes
            if opened is not None:
                staleness_line(opened.catalogue, step)
    except Exception as error:
        if type(error).__module__.startswith("streamlit"):
            raise
        broken_workspace(error)
        lead_to("home", _("Restore a backup on Home"))
        st.stop()
    if opened is None:
        st.info(_("There is no workspace yet. A workspace holds one cast of characters."), icon=":material/inbox:")
        lead_to("home", _("Make one on Home, or try it with drawn characters"))
        st.stop()
    read_only_line(opened.catalogue)
    _work_of_all_pages(opened, step)
    return opened


def _work_of_all_pages(project: Project, step: str) -> None:
    """The demo while it runs, and a long undo until its end was told."""
    job = newest(project.workspace, "tour", "undo")
    if job is None:
        return
    if job.step == "undo" and (not job.over or job.id in state().running | state().told):
        job_panel(project.workspace, "undo", key="undo_panel", quiet=True)
        if job.over:
            state().told.discard(job.id)
    if job.step == "tour" and not job.over and step != "collect":  # Collect shows its pictures as they come
        st.info(_("The demo does this step by itself. Watch, or look around."), icon=":material/auto_awesome:")
        job_panel(project.workspace, "tour", key="tour_panel", quiet=True)


def read_only_line(catalogue: Catalogue) -> None:
    """One line where nothing can be changed, before somebody tries to."""
    if catalogue.read_only:
        words = _("This workspace can only be looked at: its folder may not be written to, or the disk is full.")
        st.info(words, icon=":material/lock:")


def broken_workspace(error: Exception) -> None:
    """Say why the workspace cannot be opened; the error itself names the ways out."""
    show_error(error)
    st.caption(_("The files of this workspace are left as they are, and the others open as before."))


def wait_for_faces(project: Project, words: str) -> NoReturn:
    """Say what is missing, lead to the step that comes next, and end the page here."""
    state = next_page(project, overview(project))
    st.info(f"{words} {said(state.advice)}", icon=page(state.step).icon)
    lead_to(state.step)
    st.stop()


def naming_line(project: Project) -> None:
    """Where faces wait for a name, how many, and the way to the page that names them."""
    waiting = unnamed(project.catalogue)
    if waiting:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = ngettext("{n:,} face has no name yet.", "{n:,} faces have no name yet.", waiting)
            st.info(words, icon=page("characters").icon, width=320)
            link("characters", _("Say who they are"))


def workspace_picker(names: Sequence[str]) -> None:
    """The open workspace in the sidebar, and the others to change to."""
    if not names:
        return
    now = current_name(names)
    with st.sidebar:
        chosen = st.selectbox(_("Workspace"), names, index=names.index(now), key=f"workspace_of_{now}")
    if chosen != now:
        use(chosen)
        st.rerun()


def staleness_line(catalogue: Catalogue, step: str) -> None:
    """One line where this step's result is older than the faces; where one that it works from is, that one comes
    first, and is the only one named."""
    for earlier in NEEDS.get(step, ()):
        if freshness(catalogue, MADE_BY[earlier]).stale:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.warning(_(LABELS[earlier]), icon=":material/update:")
                link(earlier, _("Do {title} again", title=_(page(earlier).title)))
            return
    kind = MADE_BY.get(step)
    if kind and freshness(catalogue, kind).stale:
        st.warning(f"{_(LABELS[step])} {_('Run this step again to bring it up to date.')}", icon=":material/update:")


def _through_home() -> None:
    """Run through Home.py where a page's own address was the first one asked for after the server's start.

    Streamlit then takes pages/ for its older kind of app and leaves Home.py, with its navigation and width, out.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()
