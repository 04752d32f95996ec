"""What stands in the review queue: status, characters, size and source; and how far the review has come."""

from __future__ import annotations

import streamlit as st

from core.crop.bulk import waiting
from core.crop.queue import SIZES, STATUSES, Filter, sources, tally
from core.errors import WhoAmIError
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.states import ReviewState
from ui.common.from_core import said
from ui.common.language import N_, _, labels, ngettext
from ui.common.text import count, plain
from ui.crop.state import Review
from ui.crop.suggestions import compare, encoder_or_none

LABELS = {
    "open": N_("worth a look"),
    ReviewState.NOTHING: N_("nothing found"),
    ReviewState.LOOK: N_("to look at"),
    ReviewState.SURE: N_("sure"),
    ReviewState.DONE: N_("done"),
    ReviewState.NEW: N_("not looked at"),
    "all": N_("all"),
}
SIZE_SAYS = {"any": N_("any"), "small": N_("under 48 px"), "middle": N_("48 to 128 px"), "large": N_("over 128 px")}


def filter_row(project: Project, review: Review) -> None:
    """The filter; where it changes, the queue is made anew."""
    characters = {c.id: c.name for c in project.catalogue.characters()}
    with st.popover(_("Filter"), icon=":material/filter_list:"):
        status = st.selectbox(_("Pictures"), STATUSES, format_func=labels(LABELS), key="rf_status")
        names = st.multiselect(
            _("Characters"), list(characters), format_func=characters.__getitem__, key="rf_names", placeholder=_("All")
        )
        size = st.selectbox(_("Size of the smallest face"), list(SIZES), format_func=labels(SIZE_SAYS), key="rf_size")
        origins = st.multiselect(_("Sources"), sources(project.catalogue), key="rf_sources", placeholder=_("All"))
        st.button(
            _("Sort again"),
            icon=":material/refresh:",
            key="rf_anew",
            on_click=review.rebuild,
            args=(project.catalogue,),
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
    parts = [_("{n:,} {state}", n=counts[key], state=_(LABELS[key])) for key in order if counts.get(key)]
    return _("{n:,} pictures: {parts}", n=total, parts=_(", ").join(parts))


def skipping(project: Project) -> None:
    """What it costs to leave the rest undecided; the way on stands below it."""
    left = waiting(project.catalogue)
    if not left.pictures:
        return
    words = [
        ngettext(
            "This picture may wait: nothing is lost.", "These {n:,} pictures may wait: nothing is lost.", left.pictures
        ),
        _(
            "Until you decide, {proposed} left out of training and recognition, and {kept} used.",
            proposed=count(left.proposed, "proposed face is", "proposed faces are"),
            kept=count(left.kept, "kept face is", "kept faces are"),
        ),
    ]
    if left.thin:
        few = sorted(left.thin.items(), key=lambda item: item[1])
        names = _(", ").join(f"{plain(name)} ({n})" for name, n in few[:4])
        if len(few) > 4:
            names = _("{names} and {n:,} more", names=names, n=len(few) - 4)
        words.append(_("Characters that have few faces without them: {names}.", names=names))
    st.caption(" ".join(words))


def _compare_button(project: Project, review: Review) -> None:
    choice = encoder_or_none(project)
    if choice is None:
        return
    wanted = st.button(
        _("Compare faces"),
        icon=":material/compare:",
        key="rf_compare",
        help=_(
            "Finds outliers and suggests names, with the encoder {name} ({why}).",
            name=choice.name,
            why=said(choice.why),
        ),
    )
    if wanted:
        try:
            review.odd = compare(project)
            review.rebuild(project.catalogue)
            review.message = _("In the queue now: {outliers}.", outliers=count(len(review.odd), "outlier"))
            st.rerun()
        except WhoAmIError as error:
            st.error(plain(said(str(error))))
