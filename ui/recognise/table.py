"""The result table as the browser shows it: a line a face with its thumbnail, sorted by a head, picked by boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.recognise.answer_index import AnswerIndex
from core.recognise.answer_rows import COLUMNS, Row, Wanted
from core.recognise.verdict import UNSURE
from ui.common.component import component, jpeg_source
from ui.common.from_core import said
from ui.common.language import N_, _
from ui.recognise.asked import Asking

BROWSER = Path(__file__).parent / "browser"
PAGE = 20
"""Rows that are drawn at a time."""
LABELS = {
    "verdict": N_("Verdict"),
    "character": N_("Name"),
    "similarity": N_("Similarity"),
    "series": N_("Series"),
    "picture": N_("File"),
}
WORDS = (N_("Pick all shown"), N_("Face"), N_("Sort by {column}"), N_("Pick {row}"), N_("Open {row}"))
"""What the script in the browser says, by its English words."""
FIELD = 170
"""Pixels of a field that filters: two stand in a row of a telephone."""
FEW = 6
"""Rows that are seen at a glance: of no more than that there is nothing to filter."""
FIRST_DOWN = ("similarity",)
"""Columns that a first click sorts from the top down."""


def answer_table(asking: Asking, index: AnswerIndex, wanted: Wanted, thumbnail: Callable[[Row], bytes | None]) -> None:
    """The table and its pages, of which only the one that is shown is read. wanted: what the filters leave.

    thumbnail: a small JPEG of a row's face; it is asked for the rows of one page only.
    """
    shown = _page(index, wanted)
    _draw(asking, shown, {row.id: thumbnail(row) for row in shown})


def chosen_rows(index: AnswerIndex) -> Wanted:
    """The fields that filter, and what they leave; of few rows, all."""
    if index.count() <= FEW:
        return Wanted()
    there = index.verdicts()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        verdicts = st.pills(
            _("Verdict"),
            list(there),
            selection_mode="multi",
            format_func=lambda verdict: f"{_(verdict)} {there[verdict]:,}",
            key="answers_verdict",
            persist_state="session",
        )
        name = st.selectbox(
            _("Name"),
            index.characters(),
            index=None,
            placeholder=_("all names"),
            key="answers_name",
            width=FIELD,
            persist_state="session",
        )
        text = st.text_input(_("File"), placeholder=_("part of its name"), key="answers_text", width=FIELD)
    return Wanted(tuple(verdicts or ()), name or "", text)


def chosen_order() -> tuple[str, bool]:
    """The column that is sorted by, "" for none, and whether from the top down."""
    column, descending = st.session_state.get("answers_sort", ("", False))
    return column, descending


def _page(index: AnswerIndex, wanted: Wanted) -> list[Row]:
    n, first = index.count(wanted), 0
    pages = -(-n // PAGE)
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            at = min(st.pagination(pages, key="answers_page", max_visible_pages=5), pages)
            first = (at - 1) * PAGE
            st.caption(_("{first:,}–{last:,} of {n:,}", first=first + 1, last=min(at * PAGE, n), n=n), width="content")
    return index.page(wanted, *chosen_order(), first=first, size=PAGE)


def _draw(asking: Asking, rows: Sequence[Row], thumbnails: Mapping[str, bytes | None]) -> None:
    column, descending = chosen_order()
    shown = {row.id for row in rows}
    data = {
        "rows": [_line(row, thumbnails[row.id]) for row in rows],
        "columns": [{"id": name, "label": _(LABELS[name])} for name in COLUMNS],
        "picked": sorted(shown & asking.picked),
        "chosen": asking.chosen,
        "sort": column,
        "descending": descending,
        "series": any(row.series for row in rows),
        "words": {words: _(words) for words in WORDS},
    }

    def happened() -> None:
        did: dict[str, Any] = st.session_state["answers_table"].get("did") or {}
        if "open" in did:
            asking.chosen = str(did["open"])
        if "picked" in did:
            asking.picked = (asking.picked - shown) | (set(map(str, did["picked"])) & shown)
        if did.get("sort") in COLUMNS:
            sort_by(str(did["sort"]))

    drawn = component("answers", BROWSER, "<div class='scroll'><table></table></div>", "table.css", "table.js")
    drawn(key="answers_table", data=data, on_did_change=happened)


def sort_by(column: str) -> None:
    """Sort by a column: once more turns the order round, and a third time leaves it."""
    now, descending = chosen_order()
    first = column in FIRST_DOWN
    if now != column:
        st.session_state["answers_sort"] = column, first
    elif descending == first:
        st.session_state["answers_sort"] = column, not first
    else:
        st.session_state["answers_sort"] = "", False


def _line(row: Row, thumbnail: bytes | None) -> dict[str, Any]:
    kind = row.verdict if row.face else "none"
    name = f"{row.character}?" if row.verdict == UNSURE else row.character
    return {
        "id": row.id,
        "src": jpeg_source(thumbnail),
        "face": row.face > 0,
        "label": _("{picture}, face {n}", picture=row.picture, n=row.face) if row.faces > 1 else row.picture,
        "verdict": _(row.verdict),
        "kind": kind,
        "character": name,
        "reason": said(row.reason),
        "similarity": "" if row.similarity is None else f"{row.similarity:.2f}",
        "series": row.series,
        "picture": row.picture,
    }
