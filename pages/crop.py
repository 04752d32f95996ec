"""Crop: the machine proposes faces, the person corrects them."""

from __future__ import annotations

import streamlit as st

from core import jobs
from core.workspace.states import FaceState, Kind, PictureState, ReviewState
from ui.common.header import naming_line, open_page
from ui.common.jobs import is_running, job_panel
from ui.common.language import N_, _
from ui.common.links import lead_to
from ui.common.next import next_button
from ui.crop.annotations import box_files
from ui.crop.detect import find_faces, newest
from ui.crop.filter import filter_row, skipping
from ui.crop.grid import grid
from ui.crop.single import one_by_one
from ui.crop.state import review_of

project = open_page(_("Crop"), "crop", intro=_("The machine proposes faces; you correct what is wrong."))
VIEWS = (N_("One by one"), N_("Grid"))
naming_line(project)
looked_at = project.catalogue.counts("pictures", "review", kind=Kind.PICTURE, state=PictureState.KEPT)
if not looked_at:
    if project.catalogue.counts("faces", "state", state=FaceState.KEPT):
        st.info(_("Everything here came as faces already: there is nothing to crop."), icon=":material/check_circle:")
        view = "Grid"
    else:
        st.info(_("There are no pictures to crop yet."), icon=":material/inbox:")
        lead_to("collect")
        st.stop()
else:
    only_new = set(looked_at) == {ReviewState.NEW}
    if not is_running(project.workspace, "crop"):
        find_faces(project, expanded=only_new)
    job = job_panel(project.workspace, "crop", key="crop_job", quiet=True, draw=lambda _job: newest(project))
    if only_new and not project.catalogue.counts("faces", "state"):
        st.stop()
    review = review_of(project)
    finished = job.id if job is not None and job.state == jobs.DONE else ""
    if review.made_after != finished:
        review.made_after = finished
        review.rebuild(project.catalogue)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        view = st.segmented_control(
            _("View"),
            VIEWS,
            default=VIEWS[0],
            format_func=_,
            key="crop_view",
            label_visibility="collapsed",
            required=True,
        )
        if view == VIEWS[0]:
            filter_row(project, review)

if view == "Grid":
    grid(project)
else:
    review_of(project).urls.clear()
    one_by_one(project)
if looked_at:
    skipping(project)
    box_files(project, review_of(project))
next_button(project, "crop")
