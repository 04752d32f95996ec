"""The faces of the characters in the open workspace; before there are any, the newest of its faces or pictures."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.workspace.covers import Cover, covers
from core.workspace.newest import newest_faces, newest_pictures
from core.workspace.project import Project
from ui.common.grid import Tile, filling_grid
from ui.common.language import _
from ui.common.links import link
from ui.common.text import count
from ui.home.board import Draw

SHOWN = 16
SIDE = 76
"""Pixels: a face is at least so wide."""


def own_pictures(project: Project) -> Draw | None:
    """What draws them; None where there is no picture yet."""
    found = covers(project.catalogue, SHOWN + 1)
    if found:
        return partial(_characters, project, found)
    path = project.workspace.path
    faces = [Tile(f"f{face.id}", path(face.path)) for face in newest_faces(project.catalogue, SHOWN)]
    if faces:
        return partial(_newest, faces, _("The newest faces"), "characters", _("Say who they are"))
    pictures = [Tile(f"p{one.id}", path(one.path)) for one in newest_pictures(project.catalogue, SHOWN)]
    if pictures:
        return partial(_newest, pictures, _("The newest pictures"), "collect", _("All pictures"))
    return None


def _characters(project: Project, found: list[Cover]) -> None:
    """A face for each of the characters with the most faces."""
    st.header(_("Characters"))
    tiles = [
        Tile(cover.face.id, project.workspace.path(cover.face.path), cover.character.name) for cover in found[:SHOWN]
    ]
    filling_grid(tiles, key="home_covers", side=SIDE)
    if len(found) > SHOWN:
        more = len(project.catalogue.counts("faces", state="kept", copy_of=None)) - SHOWN
        st.caption(_("and {characters}", characters=count(more, "more character")))
    link("characters", _("All their faces"))


def _newest(tiles: list[Tile], title: str, step: str, label: str) -> None:
    st.header(title)
    filling_grid(tiles, key="home_newest", side=SIDE)
    link(step, label)
