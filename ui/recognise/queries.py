"""Pictures to ask with: dropped, in a zip, pasted, taken by the camera, or a whole folder, uploaded or by its path."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.imaging import formats
from core.imaging.names import has_system_part
from core.video.kinds import ENDINGS, has_video_ending
from core.workspace.project import Project
from ui.common.language import N_, _, labels
from ui.common.uploads import on_disk
from ui.recognise.asked import Asking
from ui.recognise.video import DROPPED

VIDEO = "video"
WAYS = {
    "files": N_("Pictures"),
    "paste": N_("Paste"),
    "camera": N_("Camera"),
    "folder": N_("Folder"),
    VIDEO: N_("Video"),
}
TO_VIDEO = "ask_with_video"
"""In the session: a video was dropped among pictures, so that the way changes."""
TYPES = list(formats.ENDINGS)
Given = tuple[str, bytes]


def ask_with() -> str:
    """The way to ask that is chosen, a key of WAYS."""
    if st.session_state.pop(TO_VIDEO, False):
        st.session_state["way"] = VIDEO
    way = st.segmented_control(
        _("Ask with"),
        list(WAYS),
        default="files",
        format_func=labels(WAYS),
        key="way",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return str(way)


def given_pictures(project: Project, way: str, asking: Asking) -> Sequence[Given]:
    """Names and bytes of the files that the person gave in this run, by whichever way."""
    given = _taken(project, way, asking.added)
    if not given and st.session_state.get(TO_VIDEO):
        asking.added += 1
        st.rerun()
    return given


def _taken(project: Project, way: str, n: int) -> Sequence[Given]:
    """What a field holds. n: with another number the field is empty again, for what it held is in the table."""
    if way == "camera":
        one = st.camera_input(_("Hold it before the camera"), key=f"camera_{n}")
        return [] if one is None else [(one.name, one.getvalue())]
    if way == "paste":
        pasted = st.chat_input(
            _("Click here and paste a picture (Ctrl+V), then press Enter"),
            accept_file="multiple",
            file_type=TYPES,
            key="pasted",
        )
        return [] if pasted is None else [(f.name, f.getvalue()) for f in pasted.files]
    if way == "folder":
        label = _("A folder of pictures")
        taken = st.file_uploader(
            label, accept_multiple_files="directory", key=f"folder_{n}", label_visibility="collapsed"
        )
        return [(f.name, f.getvalue()) for f in taken or [] if in_a_folder(f.name, f.getvalue()[:512])]
    label = _("Drop pictures, a zip of them, or a video")
    dropped = st.file_uploader(
        label, [*TYPES, "zip", *ENDINGS], accept_multiple_files=True, key=f"files_{n}", label_visibility="collapsed"
    )
    videos = [f for f in dropped or [] if has_video_ending(f.name)]
    if videos:
        st.session_state[DROPPED], st.session_state[TO_VIDEO] = on_disk(project, videos[0]), True
    return [(f.name, f.getvalue()) for f in dropped or [] if f not in videos]


def given_path(asking: Asking) -> str:
    """The path of a folder or zip on this machine that the person wants asked about in this run; "" without one."""
    if st.session_state.get("way") != "folder":
        return ""
    with (
        st.form("path_form", border=False),  # Enter asks, too
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        path = st.text_input(
            _("Or the path of a folder or zip on this machine"),
            key=f"path_{asking.added}",
            placeholder="/home/me/pictures",
            help=_("Nothing is uploaded or copied. More than 100 pictures are asked about in a job."),
            width=420,
        )
        clicked = st.form_submit_button(_("Ask about all"), icon=":material/folder_open:")
    return path.strip() if clicked else ""


def in_a_folder(name: str, head: bytes) -> bool:
    """Whether a file of a folder is asked about: as on disk, and none of the system's own."""
    return formats.is_asked(name, head) and not has_system_part(name.replace("\\", "/").split("/"))
