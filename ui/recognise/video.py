"""A video as a question: dropped or named by its path, watched in a job, then its timeline."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.commands import timeline as timeline_command
from core.recognise.recogniser import Recogniser
from core.recognise.threshold import Threshold
from core.recognise.timeline import Timeline, judged_timeline
from core.recognise.watched_files import KeptVideo, Watched, kept_videos, load_watched
from core.video.kinds import ENDINGS, is_video
from core.workspace.project import Project
from ui.common.jobs import job_panel, start_button
from ui.common.language import _
from ui.common.text import duration, plain
from ui.common.uploads import on_disk
from ui.recognise.asked import Asking
from ui.recognise.timeline import show_timeline

DROPPED = "recognise_video"
"""In the session: the path of a video that was dropped among pictures."""


def given_video(project: Project) -> Path | None:
    """The video that was dropped or named; None where there is none, or where it is none."""
    dropped = st.file_uploader(_("Drop a video"), list(ENDINGS), key="video_file", label_visibility="collapsed")
    typed = st.text_input(
        _("Or the path of a video on this machine"),
        key="video_path",
        placeholder=_("or its path on this machine: /home/me/Episode 1.mkv"),
        persist_state="session",
        label_visibility="collapsed",
    ).strip()
    path: Path | None = on_disk(project, dropped) if dropped is not None else None
    path = path or (Path(typed).expanduser() if typed else st.session_state.get(DROPPED))
    if path is not None and not is_video(path):
        words = _("{path} is not a video.", path=path) if path.exists() else _("{path} does not exist.", path=path)
        st.error(plain(words), icon=":material/error:")
        return None
    return path


def watch_button(project: Project, path: Path | None, far: float, shipped_cast: bool) -> None:
    """The button that watches it, and how far that is. shipped_cast: unknown faces are compared with it."""
    st.caption(
        _(
            "Faces are followed through each shot and named once. Watching usually takes less time than the video "
            "lasts. You can stop it; it goes on from there."
        )
    )
    start_button(
        project,
        timeline_command.Arguments(path or Path("VIDEO"), far=far, shipped_cast=shipped_cast),
        _("Watch it") if path is None else _("Watch {name}", name=plain(path.name)),
        key="video_start",
        icon=":material/movie:",
        disabled=path is None,
    )
    job_panel(project.workspace, "timeline", key="video_job", quiet=True)


def show_videos(project: Project, asking: Asking, recogniser: Recogniser, threshold: Threshold) -> None:
    """The timeline of the video that was watched last, or of another one that is chosen."""
    found = kept_videos(project.workspace, recogniser.gallery.space)
    if not found:
        return
    chosen = _chosen(found)
    watched = _watched(str(chosen.path), chosen.path.stat().st_mtime_ns)
    if watched is None:
        return
    if not watched.whole:
        words = _(
            "Watched up to {time} so far. Watch it once more to go on from there.",
            time=duration(watched.seconds),
        )
        st.info(words, icon=":material/hourglass_bottom:")
    show_timeline(project, asking, _told(watched, recogniser, threshold), threshold, chosen.path.stem)


def _chosen(found: list[KeptVideo]) -> KeptVideo:
    if len(found) == 1:
        return found[0]
    by_path = {str(one.path): one for one in found}
    path = st.selectbox(
        _("Videos that were watched"),
        list(by_path),
        format_func=lambda path: _video(by_path[path]),
        key=f"video_chosen_{len(found)}",
        width=420,
    )
    return by_path[path or str(found[0].path)]


def _video(one: KeptVideo) -> str:
    return one.video if one.whole else _("{video} (stopped)", video=one.video)


@st.cache_resource(show_spinner=False, max_entries=3)
def _watched(path: str, stamp: int) -> Watched | None:
    return load_watched(Path(path))


def _told(watched: Watched, recogniser: Recogniser, threshold: Threshold) -> Timeline:
    return judged_timeline(watched, recogniser.gallery, threshold)
