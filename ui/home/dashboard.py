"""Home: what the open workspace holds, what to do next, and the workspaces themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal

import streamlit as st

from core import jobs
from core.commands import COMMANDS, balance, crop, doctor, tour, train
from core.workspace.damage import damage
from core.workspace.overview import DONE, OPEN, STALE, TODO, StepState, next_page, overview
from core.workspace.project import Project
from core.workspace.workspaces import create_workspace, workspace_names
from ui.common.errors import show_error, show_errors
from ui.common.from_core import said
from ui.common.header import broken_workspace, read_only_line, workspace_picker
from ui.common.jobs import job_panel, show_command, show_command_line, start_job
from ui.common.language import N_, _
from ui.common.links import PAGES, go, go_to, link, page
from ui.common.next import next_words
from ui.common.state import current, current_name, flash, show_flash, state, use
from ui.common.text import plain, sentence
from ui.home.board import board
from ui.home.covers import own_pictures
from ui.home.drop import drop_zone
from ui.home.glance import glances
from ui.home.live import live
from ui.home.resume import resume_row
from ui.home.workspaces import manage, new_workspace

RUNNING = "running"
MAKING = {"demo", "tour", "collect", "import"}
"""The jobs that bring pictures in: what they make is shown while they run."""
Colour = Literal["green", "orange", "gray", "blue"]
BADGES: dict[str, tuple[str, str | None, Colour]] = {
    DONE: (N_("done"), ":material/check:", "green"),
    OPEN: (N_("to check"), ":material/visibility:", "orange"),
    STALE: (N_("out of date"), ":material/update:", "orange"),
    TODO: (N_("to do"), None, "gray"),
    RUNNING: (N_("running"), ":material/progress_activity:", "blue"),
}
SAME = {"crop": crop.Arguments(), "balance": balance.Arguments(), "train": train.Arguments()}
"""The commands that do the whole of a step."""

DEMO = N_("Try it with drawn characters")
DEMO_SAYS = N_(
    "8 characters with 30 pictures each are drawn on this machine, and every step runs by itself. It ends with "
    "pictures that you can ask about. About two minutes; nothing is downloaded."
)


def home() -> None:
    """The page."""
    try:
        names = workspace_names()
        workspace_picker(names)
    except Exception as error:
        _pass_on(error)
        show_error(error)
        return
    show_flash()
    try:
        opened = current(names)
        if opened is not None:
            overview(opened)
    except Exception as error:
        _pass_on(error)
        st.title(plain(current_name()))
        broken_workspace(error)
        new_workspace(restoring=True)
        return
    if opened is None:
        _welcome()
    else:
        _dashboard(opened)


def _pass_on(error: Exception) -> None:
    """Let through what Streamlit raises to end a run."""
    if type(error).__module__.startswith("streamlit"):
        raise error


def _welcome() -> None:
    st.title("Who Am I?")
    st.markdown(
        _(
            "Show it pictures of anime characters, and it tells you who is in a new one. Everything stays on "
            "this machine."
        )
    )
    drop_zone(None)
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{_('No pictures at hand?')}** {_(DEMO_SAYS)}", width=620)
        demo_button(primary=True)
    with st.expander(_("What the six steps are"), icon=":material/footprint:"):
        steps = (f"{n}. {info.icon} **{_(info.title)}**: {_(info.purpose)}." for n, info in enumerate(PAGES, 1))
        st.markdown("\n".join(steps))
    with st.expander(_("An empty workspace, or one from a backup"), icon=":material/add:"):
        new_workspace()


def _dashboard(project: Project) -> None:
    st.title(plain(project.workspace.name))
    read_only_line(project.catalogue)
    job = job_panel(project.workspace, list(COMMANDS), key="home", quiet=True, draw=lambda one: _live(project, one))
    _end_of_tour(job)
    running = {one.step for one in jobs.jobs(project.workspace) if not one.over}
    if job is None or job.over or job.step not in MAKING:  # else all this would be older than the pictures above it
        states = overview(project)
        own = own_pictures(project)
        board(
            lambda: _top(project, states),
            [*([own] if own else []), *glances(project)],
            lambda: _steps(states, running),
        )
    st.header(_("This workspace"))
    manage(project)
    with st.expander(_("Another workspace"), icon=":material/add:"):
        left, right = st.columns(2, gap="medium")
        with left:
            new_workspace()
        with right:
            st.markdown(f"**{_('Drawn characters')}**  \n{_(DEMO_SAYS)}")
            demo_button(primary=False)


def _top(project: Project, states: Sequence[StepState]) -> None:
    """What is next, what was stopped, what is damaged, and where to drop more."""
    _next(next_page(project, states))
    resume_row(project)
    if warning := damage(project):
        st.warning(said(warning), icon=":material/broken_image:")
        show_command(project.workspace, doctor.Arguments())
    drop_zone(project)


def _steps(states: Sequence[StepState], running: Collection[str]) -> None:
    for n, one in enumerate(states, 1):
        _row(n, replace(one, state=RUNNING) if one.step in running else one)


def _live(project: Project, job: jobs.Job) -> None:
    if job.step in MAKING:
        live(project, job)


def _end_of_tour(job: jobs.Job | None) -> None:
    """Where this tab has watched the tour to its end, it goes on to the pictures to try."""
    if job is not None and job.step == "tour" and job.state == jobs.DONE and job.id in state().told:
        state().told.discard(job.id)
        flash(_("Done: eight characters are known now. Click a picture and see who it is."))
        go("recognise")


def demo_button(*, primary: bool) -> None:
    """Make a workspace of drawn characters as a job, under the first free name, and open it."""
    names = workspace_names()
    name = next(n for n in ("demo", *(f"demo_{i}" for i in range(2, 1000))) if n not in names)
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if st.button(_(DEMO), key="demo", type=kind, icon=":material/brush:"):
        with show_errors():
            create_workspace(name)
            use(name)
            made = current()
            if made is not None:
                start_job(made, tour.Arguments())
            st.rerun()


def _next(one: StepState) -> None:
    info = page(one.step)
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(next_words(one), width="content")
        if st.button(go_to(info), key="next", type="primary", icon=info.icon) and info.exists:
            go(one.step)
    show_twin_of(one)


def show_twin_of(one: StepState) -> None:
    """The next step without a screen."""
    opened = current()
    if opened is not None and one.step in SAME:
        show_command_line(opened.workspace, SAME[one.step])


def _row(n: int, one: StepState) -> None:
    info = page(one.step)
    word, icon, colour = BADGES[one.state]
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{n}. {_(info.title)}**  \n{plain(sentence(said(one.text)))}", width="stretch")
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            st.badge(_(word), icon=icon, color=colour, help=said(one.advice) or None)
            link(one.step, _("Open"), help=sentence(_(info.purpose)))
