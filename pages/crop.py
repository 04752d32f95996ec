"""Crop: the machine proposes faces, the person corrects them."""

from __future__ import annotations

import streamlit as st

from core import jobs
from ui.common.header import open_page
from ui.common.jobs import job_panel
from ui.common.links import link
from ui.crop.annotations import box_files
from ui.crop.detect import find_faces
from ui.crop.filter import filter_row
from ui.crop.grid import grid
from ui.crop.single import one_by_one
from ui.crop.state import review_of

VIEWS = ("One by one", "Grid")

workspace, catalogue = open_page("Crop", "crop", intro="The machine proposes faces; you correct what is wrong.")
looked_at = catalogue.counts("pictures", "review", kind="picture", state="kept")
if not looked_at:
    if catalogue.counts("faces", "state", state="kept"):
        st.info("Everything here came as faces already: there is nothing to crop.", icon=":material/check_circle:")
        link("balance")
        view = "Grid"
    else:
        st.info("There are no pictures to crop yet.", icon=":material/inbox:")
        link("collect")
        st.stop()
else:
    only_new = set(looked_at) == {"new"}
    find_faces(workspace, catalogue, expanded=only_new)
    job = job_panel(workspace, "crop", key="crop_job", quiet=True)
    if only_new and not catalogue.counts("faces", "state"):
        st.stop()
    review = review_of(workspace, catalogue)
    finished = job.id if job is not None and job.state == jobs.DONE else ""
    if review.made_after != finished:
        review.made_after = finished
        review.rebuild(catalogue)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        view = st.segmented_control(
            "View", VIEWS, default=VIEWS[0], key="crop_view", label_visibility="collapsed", required=True
        )
        if view == VIEWS[0]:
            filter_row(workspace, catalogue, review)

if view == "Grid":
    grid(workspace, catalogue)
else:
    one_by_one(workspace, catalogue)
if looked_at:
    box_files(workspace, catalogue, review_of(workspace, catalogue))
