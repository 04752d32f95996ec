"""A video as a source: its button, and where an upload lies for the job that reads it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.commands import import_
from core.workspace.folders import slug
from core.workspace.project import Project
from ui.common.jobs import start_button


def video_button(project: Project, path: Path, who: str, most: int | None, *, unnamed: bool) -> None:
    """The button that takes a video's frames in, and what they are."""
    st.caption(
        "At most one picture a second, of what is new; the pictures of one shot stay together when they are divided. "
        "Watching takes about as long as the video at most, and can be stopped and gone on with."
    )
    start_button(
        project,
        import_.Arguments(path, "pictures", most, who, unnamed),
        "Take its pictures",
        key="collect_import",
        icon=":material/movie:",
        disabled=not (who or unnamed),
        help=None if who or unnamed else "Say whose pictures they are, or *Nobody yet*.",
    )


def on_disk(project: Project, file: UploadedFile) -> Path:
    """Where an upload lies for the job that reads it."""
    name = Path(file.name)
    path = project.workspace.cache / "uploads" / f"{slug(name.stem)}{name.suffix.lower()}"
    if not path.exists() or path.stat().st_size != file.size:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.getbuffer())
    return path
