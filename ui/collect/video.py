"""A video as a source: its button."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.commands import import_
from core.workspace.project import Project
from ui.common.jobs import start_button
from ui.common.language import _


def video_button(project: Project, path: Path, who: str, most: int | None, *, unnamed: bool) -> None:
    """The button that takes a video's frames in, and what they are."""
    st.caption(
        _(
            "At most one picture per second, and only of what is new; the pictures of one shot stay together when "
            "they are divided. Watching takes at most about as long as the video lasts. You can stop it and go on "
            "later."
        )
    )
    if unnamed and project.catalogue.counts("faces", "state", enrolled=True):
        st.caption(
            _("Faces that are recognised get the name as a proposal when Crop finds them; the others stay unnamed.")
        )
    start_button(
        project,
        import_.Arguments(path, "pictures", most, who, unnamed),
        _("Import its pictures"),
        key="collect_import",
        icon=":material/movie:",
        disabled=not (who or unnamed),
        help=None if who or unnamed else _("Say whose pictures they are, or *Nobody yet*."),
    )
