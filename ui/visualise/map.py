"""The map on a page: the chart, what stands out on it, and beside it the faces that were clicked or lassoed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import streamlit as st

from core.similarity.neighbours import nearest_of
from core.visualise.details import FaceDetails, find_faces
from core.visualise.export import CAVEATS, map_html
from core.visualise.map_data import MapData
from core.workspace.project import Project
from core.workspace.tables import Face
from ui.common.face_actions import face_tile, picked_faces
from ui.common.from_core import said
from ui.common.grid import Tile, picture_grid
from ui.common.language import N_, _
from ui.common.text import count
from ui.common.undo import undo_buttons
from ui.visualise.chart import forget_picked, show_chart, still_picked
from ui.visualise.hover import Marks, face_pictures, seen
from ui.visualise.tools import map_tools

HINTS = {
    "click": N_("**Point at a point** and see whose face it is; **click it** for what can be done with it."),
    "lasso": N_("**Draw a lasso around points** and see their faces here."),
    "3D": N_("**Drag to turn the map.** To pick faces, change to 2D."),
}
MOVING = N_("Drag moves the map, Ctrl and the wheel zoom. Near enough, points become faces.")
NOT_DISTANCES = N_(
    "Distances on a map are not distances between faces: nearest faces are found by the encoder's cosine."
)
WIDTH = 612
PANEL_WIDTH = 310
PANEL_HEIGHT = 430
FEW = 6
"""So many pictures need no scrolling."""


@dataclass(frozen=True)
class Near:
    """The nearest faces of one that was picked: ids, nearest first, and how similar each is."""

    around: int | None = None
    ids: tuple[int, ...] = ()
    similarity: tuple[float, ...] = ()


@st.fragment
def map_view(project: Project, data: MapData, details: FaceDetails, doubtful: Callable[[], Collection[int]]) -> None:
    """Chart and pictures side by side where there is room, else one below the other. doubtful: gives the ids of faces
    that may bear a wrong name. A fragment: what is done with the map runs nothing else of the page."""
    flat = data.projection.settings.dimensions == 2
    tools = map_tools(flat)
    found = tuple(data.faces[row].id for row in find_faces(details, tools.words))
    picked = still_picked(data) if flat else []
    near = _nearest(data, picked, tools.neighbours)
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=WIDTH, gap="small"):
            show_chart(project, data, details, tools, found)
            st.caption(f"{said(CAVEATS[data.projection.settings.method])} {_(NOT_DISTANCES)}")
        with st.container(width=PANEL_WIDTH, gap="small"):
            if tools.words:
                st.markdown(_found_words(found, data))
            _panel(project, data, picked, near, "3D" if not flat else tools.mouse)
    ringed = tuple(doubtful()) if tools.ring else ()
    marks = Marks(tuple(face.id for face in picked), found, near.around, near.ids, ringed)
    face_pictures(project, data, details, marks, faces=tools.faces and flat)


def _nearest(data: MapData, picked: Sequence[Face], k: int) -> Near:
    if len(picked) != 1 or not k:
        return Near()
    index, similarity = nearest_of(data.embeddings, data.index[picked[0].id], k)
    return Near(picked[0].id, tuple(data.faces[i].id for i in index), tuple(similarity.tolist()))


def _found_words(found: Sequence[int], data: MapData) -> str:
    """How many were found, and how many of them lie outside of what is in view."""
    if not found:
        return _("**No face found.** Try a part of a name or file.")
    words = _("**{faces} found**", faces=count(len(found), "face"))
    view = seen(data) if data.projection.settings.dimensions == 2 else None
    if view is None:
        return words
    low, high = np.array(view).T
    points = data.projection.points[[data.index[i] for i in found]]
    outside = int((~((points >= low) & (points <= high)).all(axis=1)).sum())
    if not outside:
        return words
    return f"{words}  \n{_('{n:,} lie outside of what is in view. A double click shows all.', n=outside)}"


def _panel(project: Project, data: MapData, picked: Sequence[Face], near: Near, hint: str) -> None:
    if picked:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("**{faces} picked on the map**", faces=count(len(picked), "face")), width="content")
            words = _("Nothing is picked on the map any more.")
            st.button(_("Clear"), key="map_clear", type="tertiary", help=words, on_click=forget_picked)
        names = {c.id: c.name for c in project.catalogue.characters(removed=True)}
        height: int | Literal["content"] = PANEL_HEIGHT if len(picked) > FEW else "content"
        picked_faces(project, picked, names, key="picked", height=height)
        if near.ids:
            st.markdown(_("**Nearest by the encoder**"))
            with st.container(height=240, border=False):
                _near_faces(project, data, near)
    else:
        st.markdown(_(HINTS[hint]))
        if hint == "click":
            st.caption(_(MOVING))
    undo_buttons(project)
    st.download_button(
        _("Download this map"),
        lambda: map_html(data, title=_("Map of {workspace}", workspace=project.workspace.name)),
        f"{project.workspace.name}-map.html",
        "text/html",
        key="map_download",
        icon=":material/download:",
        help=_("One file that works without a network and holds no pictures. The camera above the map saves a PNG."),
        on_click="ignore",
    )


def _near_faces(project: Project, data: MapData, near: Near) -> None:
    rows = [data.index[i] for i in near.ids]
    words = [f"{s:.2f} {data.labels[row]}" for row, s in zip(rows, near.similarity, strict=True)]
    pairs = zip(rows, words, strict=True)
    tiles = [Tile(t.id, t.source, w) for t, w in ((face_tile(project.workspace, data.faces[r]), w) for r, w in pairs)]
    picture_grid(tiles, key="near", side=84)
