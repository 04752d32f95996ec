"""Long work on a page: a button that starts it, and a panel that follows it, whoever started it.

The work is a process of its own (core.jobs); the panel only reads its folder, once a second while it runs.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st

from core import jobs
from core.commands import command_of
from core.commands.arguments import words
from core.jobs import Job
from core.progress import Progress
from core.workspace.folders import Workspace
from core.workspace.project import Project
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.language import N_, _
from ui.common.state import state
from ui.common.text import ago, count, duration, plain, rate

Draw = Callable[[Job], None]
STAGES = {
    "compare": N_("Comparing"),
    "embed": N_("Embedding faces"),
    "group": N_("Grouping faces"),
    "index": N_("Indexing"),
    "labels": N_("Checking labels"),
    "read": N_("Reading"),
    "write": N_("Writing"),
    "umap": "UMAP",
    "tsne": "t-SNE",
}
"""Stages of a job that are no commands, in words."""


def command_line(workspace: Workspace, arguments: Any) -> str:
    """The same on the command line. arguments: those of a command (core.commands), which they name by their type."""
    name = command_of(arguments).name
    return shlex.join(["python", "-m", "core", name, "--workspace", workspace.name, *words(arguments)])


def show_command_line(workspace: Workspace, *commands: Any) -> None:
    """The same commands without a screen, to copy, behind a quiet button; commands: their arguments."""
    with st.popover(_("Command line"), icon=":material/terminal:", type="tertiary"):
        for arguments in commands:
            show_command(workspace, arguments)


def show_command(workspace: Workspace, arguments: Any) -> None:
    """A command to copy; in one colour, as Streamlit's for options is too pale."""
    st.code(command_line(workspace, arguments), language=None, wrap_lines=True)


def start_job(project: Project, arguments: Any) -> Job:
    """Start a command as a job of the project. Raises WorkspaceError where it is running already."""
    name = command_of(arguments).name
    job = jobs.start(project.workspace, name, words(arguments), settings=project.settings)
    state().running.add(job.id)
    return job


def start_button(
    project: Project,
    arguments: Any,
    label: str,
    *,
    key: str,
    icon: str | None = ":material/play_arrow:",
    disabled: bool = False,
    help: str | None = None,
    primary: bool = True,
    twin: bool = True,
) -> None:
    """A button that starts a command as a job, with its command line below.

    arguments: those of the command (core.commands). Disabled while the command runs. Where it starts, the page is run
    again so that `job_panel` finds the job.
    """
    running = is_running(project.workspace, command_of(arguments).name)
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    clicked = st.button(label, key=key, icon=icon, type=kind, disabled=disabled or running, help=help)
    if twin:
        show_command_line(project.workspace, arguments)
    if clicked:
        with show_errors():
            start_job(project, arguments)
            st.rerun()


def is_running(workspace: Workspace, step: str) -> bool:
    """Whether a job of the step runs in this workspace."""
    newest = jobs.latest(workspace, step)
    return newest is not None and not newest.over


def newest(workspace: Workspace, *steps: str) -> Job | None:
    """The newest job of any of the steps."""
    return next((job for job in jobs.jobs(workspace) if job.step in steps), None)


def job_panel(
    workspace: Workspace, step: str | Sequence[str], *, key: str, draw: Draw | None = None, quiet: bool = False
) -> Job | None:
    """The newest job of a step (or of several): progress, rate, time to go, cancel; afterwards how it ended.

    `draw` is called with the job at each look while it runs: live pictures, live curves. With `quiet`, a job that
    ended well, or was stopped, before this tab saw it is not mentioned. Once a running job ends, the whole page is run
    again, and the tab's title says how it ended.
    """
    steps = (step,) if isinstance(step, str) else tuple(step)
    job = newest(workspace, *steps)
    if job is None:
        return None

    @st.fragment(run_every=1.0 if not job.over else None)
    def follow() -> None:
        now = newest(workspace, *steps)
        if now is None:
            return
        if now.over:
            if now.id in state().running:
                state().running.discard(now.id)
                state().told.add(now.id)
                st.rerun()
            _ended(now, key, quiet)
            return
        state().running.add(now.id)
        _running(now, key)
        if draw is not None:
            draw(now)

    follow()
    if job.over and job.id in state().told:  # it ended while this tab was open, perhaps behind others
        word = _("Done") if job.state == jobs.DONE else _("Stopped") if job.state == jobs.CANCELLED else _("Failed")
        st.set_page_config(page_title=f"{word}: {_title(job)} · Who Am I?")
    return job


def progress_line(progress: Progress) -> str:
    """Stage, n of N, rate and time to go in one line.

    >>> progress_line(Progress("crop", 37, 412, 10.0))
    'Crop: 37 of 412 · 3.7/s · about 1 min 41 s to go'
    """
    done = _("{n:,} of {total:,}", n=progress.n, total=progress.total) if progress.total else f"{progress.n:,}"
    parts = [f"{_capital(progress.stage)}: {done}"]
    if progress.rate:
        parts.append(rate(progress.rate))
    if progress.eta is not None and progress.n < (progress.total or 0):
        parts.append(_("about {time} to go", time=duration(progress.eta)))
    return " · ".join(parts)


def _running(job: Job, key: str) -> None:
    with st.container(border=True):
        if job.progress is None:
            st.progress(0.0, text=_("{job} is starting …", job=_title(job)))
        else:
            st.progress(job.progress.fraction, text=plain(progress_line(job.progress)))
            if job.progress.note:
                st.caption(plain(said(job.progress.note)))
        left = _("Nothing is changed then.") if job.step == "undo" else _("What is done so far is kept.")
        if st.button(_("Cancel"), key=f"{key}_cancel", icon=":material/stop:", help=left):
            with st.spinner(_("Stopping …")):
                jobs.cancel(job)
            st.rerun()


def _ended(job: Job, key: str, quiet: bool) -> None:
    sentence = plain(said(job.sentence))
    if job.state == jobs.DONE:
        if job.id in state().told:
            st.success(sentence or _("{job} is done.", job=_title(job)), icon=":material/check_circle:")
        elif not quiet:
            st.caption(f"{_('Last run {ago}.', ago=ago(job.started))} {sentence}")
        return
    if job.state == jobs.CANCELLED:
        if quiet and job.id not in state().told:
            return
        words = _("{job} was stopped {ago}.", job=_title(job), ago=ago(job.started))
        st.info(f"{words} {sentence}", icon=":material/stop_circle:")
        return
    st.error(f"{_('{job} did not finish.', job=_title(job))} {sentence}", icon=":material/error:")
    _log(job)


def _log(job: Job) -> None:
    path = job.folder / "log.txt"
    text = path.read_text(errors="replace").strip() if path.exists() else ""
    if text:
        lines = text.splitlines()
        with st.expander(_("Log ({lines})", lines=count(len(lines), "line"))):
            st.code("\n".join(lines[-200:]), language=None, height=300)


def _title(job: Job) -> str:
    return _capital(job.step)


def _capital(word: str) -> str:
    return _(STAGES[word]) if word in STAGES else _(word[:1].upper() + word[1:])
