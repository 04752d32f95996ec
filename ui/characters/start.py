"""Before there is anything to name: which click comes next; and grouping, which takes a while the first time."""

from __future__ import annotations

import streamlit as st

from core import jobs
from core.commands import characters as command
from core.errors import EncoderError
from core.workspace.overview import unnamed
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind, PictureState
from ui.characters.desk import Desk, begin, must_wait, up_to_date
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.jobs import is_running, job_panel, start_button, start_job
from ui.common.language import _
from ui.common.links import lead_to
from ui.common.text import count, plain
from ui.common.undo import undo_buttons


def nothing_here(project: Project) -> None:
    """Where there are no faces, say which click comes next, and end the page here."""
    catalogue = project.catalogue
    if unnamed(catalogue) or catalogue.counts("faces", "state", state=FaceState.KEPT):
        return
    pictures = sum(catalogue.counts("pictures", "kind", state=PictureState.KEPT, kind=Kind.PICTURE).values())
    if not pictures and not catalogue.characters():
        st.info(
            _("Nothing is here yet. Bring pictures in, sorted by character or not: the faces on them are named here."),
            icon=":material/inbox:",
        )
        lead_to("collect")
    elif not pictures:
        n = count(len(catalogue.characters()), "character")
        st.info(
            _("{characters} on the list, and no picture yet. Bring pictures in first.", characters=n),
            icon=":material/inbox:",
        )
        lead_to("collect")
    else:
        words = _(
            "{pictures} and no face yet. Find the faces, then come back to name them.",
            pictures=count(pictures, "picture"),
        )
        st.info(words, icon=":material/crop:")
        lead_to("crop")
    if catalogue.next_undo() is not None:
        undo_buttons(project)
    st.stop()


def session_or_wait(project: Project, desk: Desk) -> None:
    """Group the unnamed faces at once, or start the job that embeds them first and end the page here."""
    job = job_panel(project.workspace, "characters", key="characters_job", quiet=True)
    if up_to_date(project, desk) is not None:
        return
    if is_running(project.workspace, "characters"):
        st.stop()
    try:
        waiting = must_wait(project)
    except EncoderError as error:
        st.info(plain(said(str(error))), icon=":material/model_training:")
        lead_to("train")
        st.stop()
    if not waiting:
        with show_errors(), st.spinner(_("Grouping …")):
            begin(project, desk)
        if desk.session is None:
            st.stop()
        return
    arguments = command.Arguments(groups=True, granularity=desk.granularity)
    words = _(
        "The faces are compared before they can be grouped: about {seconds} s, once.", seconds=max(waiting // 20, 5)
    )
    st.info(words, icon=":material/hourglass_top:")
    if job is None or job.state == jobs.DONE:
        with show_errors():
            start_job(project, arguments)
            st.rerun()
    start_button(project, arguments, _("Compare the faces"), key="characters_start")
    st.stop()
