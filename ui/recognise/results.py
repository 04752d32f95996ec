"""All answers in a table, the chosen one beside it with its evidence, and what can be done with many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.imaging.reading import encode_jpeg
from core.recognise.recogniser import Recogniser
from core.recognise.threshold import Threshold
from core.workspace.lone import LoneFace
from core.workspace.project import Project
from ui.common.grid import square
from ui.common.text import count
from ui.recognise.answers import as_csv, as_json
from ui.recognise.asked import Asking
from ui.recognise.corrections import correct_many, show_done
from ui.recognise.face import show_face
from ui.recognise.rows import Row
from ui.recognise.table import answer_table, filtered

THUMBNAIL = 96


def show_results(project: Project, asking: Asking, threshold: Threshold, recogniser: Recogniser) -> None:
    """Everything that was asked about."""
    rows = [row for one in asking.pictures.values() for row in one.rows()]
    if not rows:
        return
    _head(asking, rows)
    show_done(project, asking)
    if len(rows) == 1:
        show_face(project, asking, rows[0], threshold, recogniser, wide=True)
        return
    left = filtered(rows)
    if not left:
        st.info("No answer is like that. Choose another verdict or name.", icon=":material/filter_alt_off:")
        return
    chosen = next((row for row in left if row.id == asking.chosen), left[0])
    asking.chosen = chosen.id
    table, face = st.columns([3, 2], gap="medium")
    with table:
        answer_table(asking, left, lambda row: _thumbnail(asking, row))
        _many(project, asking, rows)
    with face:
        show_face(project, asking, chosen, threshold, recogniser, wide=False)


def _head(asking: Asking, rows: Sequence[Row]) -> None:
    """How many answers there are, and how to keep or clear them."""
    asked = list(asking.pictures.values())
    faces = sum(row.face > 0 for row in rows)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{count(len(asked), 'picture')}** · {count(faces, 'face')}", width="content")
        st.download_button(
            "CSV",
            lambda: as_csv(asked),
            "answers.csv",
            "text/csv",
            icon=":material/download:",
            key="as_csv",
            on_click="ignore",
            help="The table, a line a face.",
        )
        st.download_button(
            "JSON",
            lambda: as_json(asked),
            "answers.json",
            "application/json",
            icon=":material/download:",
            key="as_json",
            on_click="ignore",
            help="With candidates and evidence, as `recognise --json` prints it.",
        )
        if st.button("Clear", key="answers_clear", icon=":material/delete_sweep:", help="Forget these pictures."):
            asking.remove(list(asking.pictures))
            asking.done.clear()
            st.rerun()


def _many(project: Project, asking: Asking, rows: Sequence[Row]) -> None:
    picked = [row for row in rows if row.id in asking.picked and row.face]
    if picked:
        with st.container(border=True):
            correct_many(project, asking, picked, lambda row: _item(asking, row))
    else:
        st.caption("Pick several faces to enrol or correct them at once; Shift picks a range.")


def _item(asking: Asking, row: Row) -> LoneFace:
    return asking.face(row).as_lone(row.picture)


def _thumbnail(asking: Asking, row: Row) -> bytes | None:
    picture = asking.pictures[row.key]
    if picture.small is None:
        return None
    return _jpeg(picture.faces[row.face - 1].face if row.face else picture.small, row.id + str(asking.edits))


@st.cache_data(show_spinner=False, max_entries=1000)
def _jpeg(_rgb: np.ndarray, key: str) -> bytes:
    return encode_jpeg(square(_rgb, THUMBNAIL), 80)
