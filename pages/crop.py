"""Crop: the machine proposes faces, the person corrects them."""

from __future__ import annotations

import streamlit as st

from ui.header import open_page
from ui.jobs import job_panel, start_button
from ui.review import one_by_one
from ui.review_state import review_of

workspace, catalogue = open_page("Crop", "crop", intro="Faces are found by themselves; you correct what is wrong.")
with st.expander("Find faces", icon=":material/frame_inspect:"):
    start_button(workspace, "crop", label="Find faces", key="crop_start")
job_panel(workspace, "crop", key="crop_job", quiet=True)
review = review_of(workspace, catalogue)
one_by_one(workspace, catalogue)
