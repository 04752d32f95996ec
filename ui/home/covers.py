"""The faces of the characters in the open workspace."""

from __future__ import annotations

import streamlit as st

from core.workspace.covers import covers
from core.workspace.project import Project
from ui.common.grid import Tile, picture_grid
from ui.common.language import _
from ui.common.text import count

SHOWN = 16


def cover_row(project: Project) -> None:
    """A face for each of the characters with the most faces; nothing where there are no faces yet."""
    found = covers(project.catalogue, SHOWN + 1)
    if not found:
        return
    tiles = [
        Tile(cover.face.id, project.workspace.path(cover.face.path), cover.character.name) for cover in found[:SHOWN]
    ]
    picture_grid(tiles, key="home_covers", side=84)
    if len(found) > SHOWN:
        more = len(project.catalogue.counts("faces", state="kept", copy_of=None)) - SHOWN
        st.caption(_("and {characters}", characters=count(more, "more character")))
