"""What stands in the review queue: status, characters, size and source; and how far the review has come."""

from __future__ import annotations

import streamlit as st

from core.crop.bulk import waiting
from core.crop.queue import SIZES, STATUSES, Filter, sources, tally
from core.errors import WhoAmIError
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.states import ReviewState
from ui.common.links import link
from ui.common.text import count, plain
from ui.crop.state import Review
from ui.crop.suggestions import compare, encoder_or_none

LABELS = {
    "open": "worth a look",
    ReviewState.NOTHING: "nothing found",
    ReviewState.LOOK: "to look at",
    ReviewState.SURE: "sure",
    ReviewState.DONE: "done",
    ReviewState.NEW: "not looked at",
    "all": "all",
}
SIZE_SAYS = {"any": "any", "small": "under 48 px", "middle": "48 to 128 px", "large": "over 128 px"}


def filter_row(project: Project, review: Review) -> None:
    """The filter; where it changes, the queue is made anew."""
    characters = {c.id: c.name for c in project.catalogue.characters()}
    with st.popover("Filter", icon=":material/filter_list:"):
        status = st.selectbox("Pictures", STATUSES, format_func=LABELS.__getitem__, key="rf_status")
        names = st.multiselect("Characters", list(characters), format_func=characters.__getitem__, key="rf_names")
        size = st.selectbox("Size of the smallest face", list(SIZES), format_func=SIZE_SAYS.__getitem__, key="rf_size")
        origins = st.multiselect("Sources", sources(project.catalogue), key="rf_sources")
        st.button(
            "Sort again", icon=":material/refresh:", key="rf_anew", on_click=review.rebuild, args=(project.catalogue,)
        )
    wanted = Filter(status, tuple(names), size, tuple(origins))
    if wanted != review.filter:
        review.filter = wanted
        review.rebuild(project.catalogue)
    _compare_button(project, review)


def tally_line(catalogue: Catalogue) -> str:
    """How far the review has come, in words."""
    counts = tally(catalogue)
    total = sum(counts.values())
    order = (ReviewState.DONE, ReviewState.SURE, ReviewState.LOOK, ReviewState.NOTHING, ReviewState.NEW)
    parts = [f"{counts[key]:,} {LABELS[key]}" for key in order if counts.get(key)]
    return f"{total:,} pictures: " + ", ".join(parts)


def skipping(project: Project) -> None:
    """What it costs to leave the rest undecided, and the way on."""
    left = waiting(project.catalogue)
    if not left.pictures:
        return
    them = "This picture" if left.pictures == 1 else f"These {left.pictures:,} pictures"
    words = f"{them} may wait: nothing is lost. Until you decide, "
    words += f"{count(left.proposed, 'proposed face')} {'is' if left.proposed == 1 else 'are'} left out of training "
    words += f"and recognition, and {count(left.kept, 'kept face')} {'is' if left.kept == 1 else 'are'} used."
    if left.thin:
        few = ", ".join(f"{plain(name)} ({n})" for name, n in sorted(left.thin.items(), key=lambda item: item[1])[:4])
        more = f" and {len(left.thin) - 4:,} more" if len(left.thin) > 4 else ""
        words += f" Characters that have few faces without them: {few}{more}."
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.caption(words, width="content")
        link("balance")


def _compare_button(project: Project, review: Review) -> None:
    choice = encoder_or_none(project)
    if choice is None:
        return
    wanted = st.button(
        "Compare faces",
        icon=":material/compare:",
        key="rf_compare",
        help=f"Looks for odd ones out and suggests names, with the encoder {choice.name} ({choice.why}).",
    )
    if wanted:
        try:
            review.odd = compare(project)
            review.rebuild(project.catalogue)
            review.message = f"In the queue now: {count(len(review.odd), 'odd one out', 'odd ones out')}."
            st.rerun()
        except WhoAmIError as error:
            st.error(plain(str(error)))
