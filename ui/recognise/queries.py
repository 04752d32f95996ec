"""Pictures to ask with: dropped, pasted, taken by the camera, or a whole folder."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.imaging.reading import EXTENSIONS

WAYS = {"files": "Pictures", "paste": "Paste", "camera": "Camera", "folder": "Folder"}
TYPES = [extension.lstrip(".") for extension in EXTENSIONS.values()] + ["jpeg", "tiff"]


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
        taken = st.file_uploader("A folder of pictures", TYPES, accept_multiple_files="directory", key="folder")
    else:
        taken = st.file_uploader("Drop one picture or several", TYPES, accept_multiple_files=True, key="files")
    return [(one.name, one.getvalue()) for one in taken or [] if one is not None]
