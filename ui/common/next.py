"""What every page ends with: the next step as its primary button, once the page's own work is done."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import jobs
from core.workspace.overview import STALE, TODO, StepState, next_page, overview
from core.workspace.project import Project
from ui.common.from_core import said
from ui.common.language import _
from ui.common.links import go, go_to, page
from ui.common.text import sentence


def is_due(project: Project, step: str) -> bool:
    """Whether the step's own act is what is to be done here: it then bears the primary button, else the next one does.

    >>> is_due(project, "balance")                             # doctest: +SKIP
    False
    """
    return _is_due(overview(project), step)


def _is_due(states: Sequence[StepState], step: str) -> bool:
    return next(one.state for one in states if one.step == step) in (TODO, STALE)


def next_button(project: Project, step: str) -> None:
    """The next step with its reason, at the end of the page of `step`; nothing while that one is due or a job runs."""
    following = after(project, step)
    if following is None:
        return
    info = page(following.step)
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(next_words(following), width="content")
        if st.button(go_to(info), key=f"next_after_{step}", type="primary", icon=info.icon):
            go(following.step)


def next_words(following: StepState) -> str:
    """The step to do next, and why, as Markdown."""
    words = said(following.advice) or _("Drop a picture and see who it is.")
    if following.step == "characters":  # which has no line of its own among the six steps
        words = f"{sentence(said(following.text))} {words}"
    return _("**Next: {page}**", page=_(page(following.step).title)) + f"  \n{words}"


def after(project: Project, step: str) -> StepState | None:
    """The step that comes next where it is another one; None where this one is due itself, or a job is at work."""
    states = overview(project)
    if _is_due(states, step) and step != "visualise":
        return None
    if any(not job.over for job in jobs.jobs(project.workspace)):
        return None
    following = next_page(project, states)
    return None if following.step == step else following
