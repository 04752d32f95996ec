"""Collect: pictures of each character come in, and it is remembered from where."""

from __future__ import annotations

import streamlit as st

from core.collect.characters import needs, without_pictures
from ui.collect.blocks import blocks
from ui.collect.characters import cast, say_who_has_none
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

anything = bool(project.catalogue.counts("pictures", "state"))
running = job is not None and not job.over
nothing_of = without_pictures(project.catalogue, needs(project.catalogue, WANTED)) if anything and not running else []
say_who_has_none(project.catalogue, nothing_of)
folded = anything or running  # the pictures are looked at first, those that are coming too
left, right = blocks(folded=folded, open_way=bool(nothing_of))
with left:
    searching = st.session_state.get("collect_way") in SEARCHING
    limit = wanted_of_each() if searching else WANTED
    found = cast(project, limit, wanted=searching, folded=folded)
with right:
    source_picker(project, found, limit)

if anything:
    st.header(_("Collected pictures"))
    collected_pictures(project)
    if not ended:
        next_button(project, "collect")
