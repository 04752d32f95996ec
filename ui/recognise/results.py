"""All answers in a table, the chosen one beside it with its evidence, and what can be done with many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.imaging.reading import encode_jpeg
from core.recognise.answer_index import AnswerIndex
from core.recognise.answer_rows import Row
from core.recognise.answer_table import MadeBy
from core.recognise.recogniser import Recogniser
from core.recognise.threshold import Threshold
from core.workspace.lone import LoneFace
from core.workspace.project import Project
from ui.common.grid import on_paper
from ui.common.language import N_, _
from ui.common.state import LastAnswer, state
from ui.common.text import count
from ui.recognise.answers import as_csv, as_json
from ui.recognise.asked import AskedPicture, Asking
from ui.recognise.corrections import Items, correct_many, group_unknown, show_done
from ui.recognise.face import show_face
from ui.recognise.table import answer_table, chosen_order, chosen_rows

THUMBNAIL = 96
BESIDE = """<style>
.st-key-answer_face { scroll-margin-top: 4rem; }
@media (min-width: 641px) {
  [data-testid="stColumn"]:has(.st-key-answer_face) {
    position: sticky; top: 4rem; align-self: flex-start; max-height: calc(100vh - 14rem); overflow-y: auto;
  }
}
@media (min-width: 641px) and (max-width: 1100px) {
  [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"] .st-key-answer_face) > [data-testid="stColumn"] {
    flex: 1 1 calc(50% - 1rem); width: calc(50% - 1rem);
  }
}
</style>"""
"""The open face stays beside the rows that are looked at, however far down the table they are, and is no higher than
the screen that shows the end of the table and what comes below it. In a small window it gets half of the width."""
REMEMBERED = 8
"""So many answers stand on Home."""


@dataclass(frozen=True)
class Access:
    """How the table comes by what its rows do not hold. thumbnail: a small JPEG of a row's face, None without one;
    open: the row of which everything is known, which the evidence is shown of; items: the crops of rows; crops: the
    same, for so many that nothing else of them is kept."""

    thumbnail: Callable[[Row], bytes | None]
    open: Callable[[Row], Row]
    items: Items
    crops: Items


def show_results(project: Project, asking: Asking, threshold: Threshold, recogniser: Recogniser) -> None:
    """Everything that was asked about here."""
    rows = [row for one in asking.pictures.values() for row in one.rows()]
    _remember(project, asking, rows)
    if not rows:
        return
    _head(project, asking, rows, MadeBy.of(threshold.far, recogniser.choice.name, recogniser.gallery.encoder))

    def items(rows: Sequence[Row]) -> list[LoneFace]:
        return [asking.face(row).as_lone(row.picture) for row in rows]

    access = Access(lambda row: _thumbnail(asking, row), lambda row: row, items, items)
    with AnswerIndex.of_rows(rows) as index:
        show_rows(project, asking, index, access, threshold, recogniser)


def show_rows(
    project: Project, asking: Asking, index: AnswerIndex, access: Access, threshold: Threshold, recogniser: Recogniser
) -> None:
    """The table with its filters, and the face that is open; one row alone needs no table."""
    with (
        st.container()
    ):  # a place of its own, so that the table below does not stand there twice while it is drawn anew
        show_done(project, asking)
    if index.count() == 1:
        show_face(project, asking, access.open(index.page()[0]), threshold, recogniser, wide=True)
        return
    with st.container():
        wanted = chosen_rows(index)
    open_now = index.find(asking.chosen, wanted)
    if open_now is None:
        open_now = next(iter(index.page(wanted, *chosen_order(), size=1)), None)
    if open_now is None:
        st.info(_("No answer fits these filters. Choose another verdict or name."), icon=":material/filter_alt_off:")
        return
    chosen = access.open(open_now)
    asking.chosen = chosen.id
    table, face = st.columns([3, 2], gap="medium")
    with table:
        answer_table(asking, index, wanted, access.thumbnail)
        _many(project, asking, index, access)
        group_unknown(project, asking, index, wanted, access.crops)
    with face:
        st.html(BESIDE)
        show_face(project, asking, chosen, threshold, recogniser, wide=False)


def small_jpeg(rgb: np.ndarray) -> bytes:
    """A face as the table shows it."""
    return encode_jpeg(on_paper(rgb, THUMBNAIL), 80)


def _remember(project: Project, asking: Asking, rows: Sequence[Row]) -> None:
    """The last answers for Home, the newest first."""
    last = [row for row in reversed(rows) if row.face][:REMEMBERED]
    pictures = [(row, _thumbnail(asking, row)) for row in last]
    kept = (LastAnswer(row.verdict, row.character, data) for row, data in pictures if data is not None)
    state().answered[str(project.workspace.root)] = tuple(kept)


def _head(project: Project, asking: Asking, rows: Sequence[Row], made_by: MadeBy) -> None:
    """How many answers there are, and how to keep or clear them."""
    asked = list(asking.pictures.values())
    faces = sum(row.face > 0 for row in rows)

    def told() -> list[AskedPicture]:
        return [one.with_seen(project.catalogue) for one in asked]

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{count(len(asked), 'picture')}** · {count(faces, 'face')}", width="content")
        st.download_button(
            "CSV",
            lambda: as_csv(told(), made_by),
            "answers.csv",
            "text/csv",
            icon=":material/download:",
            type="tertiary",
            key="as_csv",
            on_click="ignore",
            help=_(CSV_HELP),
        )
        st.download_button(
            "JSON",
            lambda: as_json(told()),
            "answers.json",
            "application/json",
            icon=":material/download:",
            type="tertiary",
            key="as_json",
            on_click="ignore",
            help=_("With candidates and evidence, as `recognise --json` prints it."),
        )
        words = _("Forget these pictures.")
        if st.button(_("Clear"), key="answers_clear", icon=":material/delete_sweep:", type="tertiary", help=words):
            asking.remove(list(asking.pictures))
            asking.done.clear()
            st.rerun()


def _many(project: Project, asking: Asking, index: AnswerIndex, access: Access) -> None:
    found = (index.find(row_id) for row_id in sorted(asking.picked))
    picked = [row for row in found if row is not None and row.face]
    if picked:
        with st.container(border=True):
            correct_many(project, asking, picked, access.items)
    else:
        st.caption(_("Pick several faces to enrol or correct them at once; Shift picks a range."))


def _thumbnail(asking: Asking, row: Row) -> bytes | None:
    picture = asking.pictures[row.key]
    if picture.small is None:
        return None
    return _jpeg(picture.faces[row.face - 1].face if row.face else picture.small, row.id + str(asking.edits))


@st.cache_data(show_spinner=False, max_entries=1000)
def _jpeg(_rgb: np.ndarray, key: str) -> bytes:
    return small_jpeg(_rgb)


CSV_HELP = N_("The table, one line per face.")
