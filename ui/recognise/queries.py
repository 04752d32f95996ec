"""Pictures to ask with: dropped, pasted, taken by the camera, or a whole folder."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.imaging import formats
from core.imaging.names import has_system_part

WAYS = {"files": "Pictures", "paste": "Paste", "camera": "Camera", "folder": "Folder"}
TYPES = list(formats.ENDINGS)


def queries() -> Sequence[tuple[str, bytes]]:
    """Names and bytes of the pictures that the person gave, by whichever way."""
    way = st.segmented_control(
        "Ask with", list(WAYS), default="files", format_func=WAYS.__getitem__, key="way", required=True
    )
    if way == "camera":
        taken = [st.camera_input("Hold it before the camera", key="camera")]
    elif way == "paste":
        with st.container():  # outside of one it would be pinned to the bottom of the page
            given = st.chat_input(
                "Click here and paste a picture (Ctrl+V), then press Enter",
                accept_file="multiple",
                file_type=TYPES,
                key="pasted",
            )
        if given is not None:
            st.session_state["pasted_files"] = [(f.name, f.getvalue()) for f in given.files]
        pasted: list[tuple[str, bytes]] = st.session_state.get("pasted_files", [])
        return pasted
    elif way == "folder":
        taken = st.file_uploader("A folder of pictures", accept_multiple_files="directory", key="folder")
        taken = [one for one in taken or [] if in_a_folder(one.name, one.getvalue()[:512])]
    else:
        taken = st.file_uploader("Drop one picture or several", TYPES, accept_multiple_files=True, key="files")
    return [(one.name, one.getvalue()) for one in taken or [] if one is not None]


def in_a_folder(name: str, head: bytes) -> bool:
    """Whether a file of a folder is asked about: a picture by its first bytes, and none of the system's own."""
    return formats.is_picture(head) and not has_system_part(name.replace("\\", "/").split("/"))
