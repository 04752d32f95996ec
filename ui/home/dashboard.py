"""Home: what the open workspace holds, what to do next, and the workspaces themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import streamlit as st

from core.commands import COMMANDS, balance, crop, demo, train
from core.workspace.damage import damage
from core.workspace.overview import DONE, OPEN, STALE, TODO, StepState, next_page, overview
from core.workspace.project import Project
from core.workspace.workspaces import create_workspace, workspace_names
from ui.common.errors import show_error, show_errors
from ui.common.header import broken_workspace, workspace_picker
from ui.common.jobs import is_running, job_panel, show_command_line, start_job
from ui.common.links import PAGES, link, page
from ui.common.state import current, show_flash, use
from ui.common.text import plain
from ui.home.covers import cover_row
from ui.home.workspaces import manage, new_workspace

RUNNING = "running"
Colour = Literal["green", "orange", "gray", "blue"]
BADGES: dict[str, tuple[str, str | None, Colour]] = {
    DONE: ("done", ":material/check:", "green"),
    OPEN: ("to check", ":material/visibility:", "orange"),
    STALE: ("out of date", ":material/update:", "orange"),
    TODO: ("to do", None, "gray"),
    RUNNING: ("running", ":material/progress_activity:", "blue"),
}
SAME = {"crop": crop.Arguments(), "balance": balance.Arguments(), "train": train.Arguments()}
"""The commands that do the whole of a step."""

DEMO = "Try it with drawn characters"
DEMO_SAYS = "8 characters with 30 pictures each, drawn on this machine in about half a minute. Nothing is downloaded."


def home() -> None:
    """The page."""
    try:
        workspace_picker()
    except Exception as error:
        _pass_on(error)
        show_error(error)
        return
    show_flash()
    try:
        opened = current()
        if opened is not None:
            overview(opened)
    except Exception as error:
        _pass_on(error)
        broken_workspace(error)
        new_workspace()
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
        "Collect pictures of anime characters, train an encoder, find out who is on a new picture. All on this machine."
    )
    demo, own = st.columns(2, gap="medium")
    with demo.container(border=True, height="stretch"):
        st.subheader("See it work")
        st.markdown(DEMO_SAYS)
        demo_button(primary=True)
    with own.container(border=True, height="stretch"):
        st.subheader("Start with your own characters")
        st.markdown("A workspace holds one cast: its pictures, faces, decisions and trained encoders.")
        new_workspace()
    st.subheader("The six steps")
    steps = (f"{n}. {info.icon} **{info.title}**: {info.purpose}." for n, info in enumerate(PAGES, 1))
    st.markdown("\n".join(steps))


def _dashboard(project: Project) -> None:
    st.title(plain(project.workspace.name))
    cover_row(project)
    job_panel(project.workspace, list(COMMANDS), key="home", quiet=True)
    states = overview(project)
    busy = any(is_running(project.workspace, s) for s in ("demo", "tour", "collect", "import"))
    if not busy:
        _next(next_page(project, states))
        if warning := damage(project):
            st.warning(plain(warning), icon=":material/broken_image:")
    with st.container(gap="xsmall"):
        for n, one in enumerate(states, 1):
            running = busy if one.step == "collect" else is_running(project.workspace, one.step)
            _row(n, replace(one, state=RUNNING) if running else one)
    st.subheader("Workspaces")
    manage(project)
    with st.expander("Another workspace", icon=":material/add:"):
        left, right = st.columns(2, gap="medium")
        with left:
            new_workspace()
        with right:
            st.markdown(f"**Drawn characters**  \n{DEMO_SAYS}")
            demo_button(primary=False)


def demo_button(*, primary: bool) -> None:
    """Make a workspace of drawn characters as a job, under the first free name, and open it."""
    names = workspace_names()
    name = next(n for n in ("demo", *(f"demo_{i}" for i in range(2, 1000))) if n not in names)
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    if st.button(DEMO, key="demo", type=kind, icon=":material/brush:"):
        with show_errors():
            create_workspace(name)
            use(name)
            made = current()
            if made is not None:
                start_job(made, demo.Arguments())
            st.rerun()


def _next(one: StepState) -> None:
    info = page(one.step)
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**Next: {info.title}**  \n{one.advice or 'Drop a picture and see who it is.'}", width="content")
        if st.button(f"Go to {info.title}", key="next", type="primary", icon=info.icon) and info.exists:
            st.switch_page(info.path)
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
        st.markdown(f"**{n}. {info.title}**  \n{plain(one.text[:1].upper() + one.text[1:])}.", width=330)
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            st.badge(word, icon=icon, color=colour, help=one.advice or None)
            link(one.step, "Open", help=f"{info.purpose[:1].upper()}{info.purpose[1:]}.")
