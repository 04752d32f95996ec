"""Collect: pictures of each character come in, and it is remembered from where."""

from __future__ import annotations

import streamlit as st

from ui.collect.characters import cast
from ui.collect.progress import live
from ui.collect.results import collected_pictures
from ui.collect.sources import SEARCHING, WANTED, source_picker, wanted_of_each
from ui.common.header import open_page
from ui.common.jobs import job_panel
from ui.common.language import _
from ui.common.next import next_button
from ui.common.state import state

JOBS = ("collect", "import", "demo", "tour")

project = open_page(
    _("Collect"),
    "collect",
    intro=_("Bring in pictures of each character. Duplicates are set aside; where each picture came from is recorded."),
)
job = job_panel(project.workspace, JOBS, key="collect_job", draw=lambda one: live(project.workspace, one))
ended = job is not None and job.over and job.id in state().told
if ended:  # what to do next is in sight, not below the pictures that just came
    next_button(project, "collect")

both = st.container(horizontal=True, gap="large")
with both.container(width=400):
    st.header(_("Characters"))
    searching = st.session_state.get("collect_way") in SEARCHING
    limit = wanted_of_each() if searching else WANTED
    found = cast(project, limit, wanted=searching)
with both.container(width=500):
    st.header(_("Pictures"))
    source_picker(project, found, limit)

if project.catalogue.counts("pictures", "state"):
    st.header(_("Collected pictures"))
    collected_pictures(project)
    if not ended:
        next_button(project, "collect")
