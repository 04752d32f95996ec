"""The result table as the browser shows it: a line a face with its thumbnail, sorted by a head, picked by boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.recognise.verdict import UNSURE
from ui.common.component import component, jpeg_source
from ui.recognise.asked import Asking
from ui.recognise.rows import COLUMNS, Row, chosen_rows, counts, names_in, sorted_rows

BROWSER = Path(__file__).parent / "browser"
PAGE = 20
"""Rows that are drawn at a time."""
LABELS = {"verdict": "Verdict", "character": "Name", "similarity": "Similarity", "series": "Series", "picture": "File"}
FIRST_DOWN = ("similarity",)
"""Columns that a first click sorts from the top down."""


def answer_table(asking: Asking, rows: Sequence[Row], thumbnail: Callable[[Row], bytes | None]) -> None:
    """The table and its pages. rows: as they are left by the filters.

    thumbnail: a small JPEG of a row's face; it is asked for the rows of one page only.
    """
    shown = _page(rows)
    _draw(asking, shown, {row.id: thumbnail(row) for row in shown})


def filtered(rows: Sequence[Row]) -> list[Row]:
    """The fields that filter, and the rows that they leave, in the order of the table."""
    there, names = counts(rows), names_in(rows)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        verdicts = st.pills(
            "Verdict",
            list(there),
            selection_mode="multi",
            format_func=lambda verdict: f"{verdict} {there[verdict]:,}",
            key="answers_verdict",
            persist_state="session",
        )
        name = st.selectbox(
            "Name", names, index=None, placeholder="all names", key="answers_name", width=200, persist_state="session"
        )
        text = st.text_input("File", placeholder="part of its name", key="answers_text", width=200)
    return _ordered(chosen_rows(rows, verdicts=set(verdicts or ()), name=name or "", text=text))


def _ordered(rows: Sequence[Row]) -> list[Row]:
    column, descending = st.session_state.get("answers_sort", ("", False))
    return sorted_rows(rows, column, descending=descending)


def _page(rows: Sequence[Row]) -> Sequence[Row]:
    pages = -(-len(rows) // PAGE)
    if pages <= 1:
        return rows
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        at = min(st.pagination(pages, key="answers_page", max_visible_pages=5), pages)
        first, last = (at - 1) * PAGE, min(at * PAGE, len(rows))
        st.caption(f"{first + 1:,}–{last:,} of {len(rows):,}", width="content")
    return rows[first:last]


def _draw(asking: Asking, rows: Sequence[Row], thumbnails: Mapping[str, bytes | None]) -> None:
    column, descending = st.session_state.get("answers_sort", ("", False))
    shown = {row.id for row in rows}
    data = {
        "rows": [_line(row, thumbnails[row.id]) for row in rows],
        "columns": [{"id": name, "label": LABELS[name]} for name in COLUMNS],
        "picked": sorted(shown & asking.picked),
        "chosen": asking.chosen,
        "sort": column,
        "descending": descending,
        "series": any(row.series for row in rows),
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
    now, descending = st.session_state.get("answers_sort", ("", False))
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
        "label": f"{row.picture}, face {row.face}" if row.faces > 1 else row.picture,
        "verdict": row.verdict,
        "kind": kind,
        "character": name,
        "reason": row.reason,
        "similarity": "" if row.similarity is None else f"{row.similarity:.2f}",
        "series": row.series,
        "picture": row.picture,
    }
