"""Boxes out to other labelling tools and back, on the page: COCO JSON, and the commands for YOLO folders."""

from __future__ import annotations

import json
from dataclasses import asdict

import streamlit as st

from core.crop.coco import coco_document, import_coco
from core.workspace.project import Project
from ui.common.errors import show_errors
from ui.common.jobs import show_command_line
from ui.common.state import flash
from ui.crop.state import Review


def box_files(project: Project, review: Review) -> None:
    """Download and upload of a COCO file; the command-line twins."""
    with st.expander("Other labelling tools", icon=":material/swap_horiz:"):
        st.caption(
            "Label Studio, CVAT and others read and write COCO files. An import is one decision: undo takes it back."
        )
        st.download_button(
            "Boxes as COCO JSON",
            lambda: json.dumps(coco_document(project.catalogue), ensure_ascii=False).encode(),
            file_name=f"{project.workspace.name}-boxes.json",
            mime="application/json",
            icon=":material/download:",
            key="box_download",
        )
        given = st.file_uploader("COCO JSON with corrected boxes", type="json", key="box_upload")
        if given is not None and st.button("Take these boxes over", key="box_import"):
            with show_errors():
                done = import_coco(project, given.getvalue())
                review.rebuild(project.catalogue)
                review.generation += 1
                parts = [f"{v} {k}" for k, v in asdict(done).items() if isinstance(v, int) and v]
                flash("Taken over: " + ", ".join(parts))
                st.rerun()
        show_command_line(project.workspace, "crop", ["--export-boxes", "boxes.json"])
        show_command_line(project.workspace, "crop", ["--export-boxes", "yolo/"])
        show_command_line(project.workspace, "crop", ["--import-boxes", "boxes.json"])
