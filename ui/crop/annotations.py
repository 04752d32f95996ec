"""Boxes out to other labelling tools and back, on the page: COCO JSON, and the commands for YOLO folders."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.commands import crop
from core.crop.annotation_files import coco_document, import_coco
from core.errors import ConfirmationNeeded
from core.imaging.hashes import sha256
from core.progress import Progress
from core.workspace.project import Project
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.jobs import progress_line, show_command_line
from ui.common.language import _
from ui.common.state import flash
from ui.common.text import plain
from ui.crop.state import Review


def box_files(project: Project, review: Review) -> None:
    """Download and upload of a COCO file; the command-line twins."""
    with st.expander(_("Other labelling tools"), icon=":material/swap_horiz:"):
        st.caption(
            _("Label Studio, CVAT and others read and write COCO files. An import is one decision: undo takes it back.")
        )
        st.download_button(
            _("Boxes as COCO JSON"),
            lambda: json.dumps(coco_document(project.catalogue), ensure_ascii=False).encode(),
            file_name=f"{project.workspace.name}-boxes.json",
            mime="application/json",
            icon=":material/download:",
            key="box_download",
        )
        given = st.file_uploader(_("COCO JSON with corrected boxes"), type="json", key="box_upload")
        if given is not None:
            _import(project, review, given.getvalue())
        show_command_line(
            project.workspace,
            crop.Arguments(export_boxes=Path("boxes.json")),
            crop.Arguments(export_boxes=Path("yolo")),
            crop.Arguments(import_boxes=Path("boxes.json")),
        )


def _import(project: Project, review: Review, data: bytes) -> None:
    """The button that takes the boxes over; where they look implausible, why, and a second button that does it."""
    with show_errors():
        if st.button(_("Import these boxes"), key="box_import"):
            try:
                _take_over(project, review, data, force=False)
            except ConfirmationNeeded as doubt:
                st.session_state["box_doubt"] = (sha256(data), str(doubt))
        digest, doubt = st.session_state.get("box_doubt", ("", ""))
        if digest == sha256(data):
            st.warning(plain(said(doubt)), icon=":material/warning:")
            if st.button(_("Import them anyway"), key="box_force"):
                _take_over(project, review, data, force=True)


def _take_over(project: Project, review: Review, data: bytes, *, force: bool) -> None:
    bar = st.progress(0.0)
    try:
        done = import_coco(project, data, force=force, report=lambda now: _show(bar, now))
    finally:
        bar.empty()
    st.session_state.pop("box_doubt", None)
    review.rebuild(project.catalogue)
    review.generation += 1
    parts = [f"{v} {_(k)}" for k, v in asdict(done).items() if isinstance(v, int) and v]
    told = [_("Not used: {problems}", problems=plain(" ".join(done.problems[:3])))] if done.problems else []
    flash(" ".join([_("Imported: {parts}.", parts=", ".join(parts)), *told]))
    st.rerun()


def _show(bar: DeltaGenerator, now: Progress) -> None:
    """Each hundredth: to draw every row would take longer than to enter it."""
    if now.n % max((now.total or 0) // 100, 1) == 0:
        bar.progress(now.fraction, text=plain(progress_line(now)))
