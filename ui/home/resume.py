"""A training that was stopped, and a button to go on with it where it stopped."""

from __future__ import annotations

import streamlit as st

from core.commands import train
from core.train.runs import RunResult, list_runs
from core.workspace.project import Project
from ui.common.jobs import is_running, start_button
from ui.common.language import _
from ui.common.text import plain


def resume_row(project: Project) -> None:
    """The newest training where it was stopped and can go on; nothing while one runs or after one has finished."""
    run = stopped_run(project)
    if run is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        done, name = len(run.history), plain(run.name)
        if done:
            words = _("{run} was stopped after {n} of {total} epochs.", run=name, n=done, total=run.config.epochs)
        else:
            words = _("{run} was stopped in its first epoch.", run=name)
        st.markdown(f"**{words}**  \n{_('Nothing that it has learned is lost.')}", width="content")
        start_button(
            project,
            train.Arguments(resume=run.name),
            _("Resume it"),
            key="home_resume",
            primary=False,
            twin=False,
        )


def stopped_run(project: Project) -> RunResult | None:
    """The newest training, where it is unfinished, can go on and is not running."""
    if is_running(project.workspace, "train") or is_running(project.workspace, "tour"):
        return None
    newest = next(iter(list_runs(project.workspace.models)), None)
    return newest if newest is not None and not newest.finished and newest.resumable else None
