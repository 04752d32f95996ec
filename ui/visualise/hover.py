"""What the map shows of the faces themselves: a card beside the pointer, and faces in place of points from a zoom on.

The chart is Plotly's. Our own component beside it listens to what happens there, draws over it what stands out, and
asks for the small pictures that it needs as the pointer and the zoom get there, so that a map of 20,000 faces loads
none that nobody looks at.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.visualise.details import FaceDetails
from core.visualise.figure import View, name_notes, name_places
from core.visualise.map_data import MapData
from core.workspace.project import Project
from ui.common.charts import is_dark
from ui.common.component import component, jpeg_source, told
from ui.common.face_actions import face_tile
from ui.common.grid import thumb
from ui.common.language import _

BROWSER = Path(__file__).parent / "browser"
CHART = "map_chart"
"""Key of the container in which the chart lies."""

KEY, WANTED, SEEN = "map_faces", "map_faces_wanted", "map_faces_seen"
SIDE = 96
"""Pixels of a picture."""

MOST = 200
"""Pictures that are sent at once."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Ids of faces that stand out: picked, found by a search, nearest of `around` (tied to it by lines), ringed. While
    some are found or near, all others are pale."""

    picked: Sequence[int] = ()
    found: Sequence[int] = ()
    around: int | None = None
    near: Sequence[int] = ()
    ringed: Sequence[int] = ()


@st.fragment
def face_pictures(project: Project, data: MapData, details: FaceDetails, marks: Marks, *, faces: bool) -> None:
    """Mount the component. faces: from a zoom level on, faces are drawn in place of points. A fragment: what it asks
    for runs nothing else of the page."""

    def asked() -> None:
        want = told(KEY).get("want")
        if not want:
            return
        st.session_state[WANTED] = want
        if (view := view_of(want.get("view"))) is not None:
            st.session_state[SEEN] = _place(data), view

    wanted = st.session_state.get(WANTED, {})
    ids = wanted_ids(wanted.get("ids"), data)
    sent = {
        "map": data.key,
        "chart": CHART,
        "faces": faces,
        "dark": is_dark(),
        "marks": asdict(marks),
        "names": _names(data.key, is_dark(), data) if data.projection.settings.dimensions == 2 else [],
        "n": int(wanted.get("n", 0)),
        "pictures": [_card(project, data, details, face_id) for face_id in ids],
    }
    drawn = component(
        "map_faces",
        BROWSER,
        "<div id='card' hidden><img alt=''><strong></strong><span></span></div>",
        "faces.css",
        "faces.js",
        "names.js",
    )
    drawn(key=KEY, data=sent, on_want_change=asked)


def seen(data: MapData) -> View | None:
    """What was last looked at of this map; None: all of it."""
    place, view = st.session_state.get(SEEN, ("", None))
    return view if place == _place(data) else None


def _place(data: MapData) -> str:
    """A map in which a face has its place: what is seen of one is not seen of another."""
    settings = data.projection.settings
    return f"{data.key.partition('-')[0]} {settings.method} {settings.dimensions}"


def view_of(given: Any) -> View | None:
    """From and to on both axes as the browser tells them, four numbers; None for anything else.

    >>> view_of([0, 1, 2, 3]), view_of(["x"])
    (((0.0, 1.0), (2.0, 3.0)), None)
    """
    if not isinstance(given, (list, tuple)) or len(given) != 4:
        return None
    if not all(isinstance(one, (int, float)) and math.isfinite(one) for one in given):
        return None
    left, right, low, high = map(float, given)
    return (left, right), (low, high)


def wanted_ids(given: Any, data: MapData) -> Sequence[int]:
    """The ids among what the browser sent that are faces of the map, MOST at the most.

    Whatever is no id is passed over.
    """
    ids = given if isinstance(given, (list, tuple)) else ()
    return [int(i) for i in ids if isinstance(i, (int, float)) and i in data.index][:MOST]


@st.cache_data(show_spinner=False, max_entries=8)
def _names(key: str, dark: bool, _data: MapData) -> list[dict[str, Any]]:
    """The names of the characters, those with most faces first. name, x, y: for the page; note: for Plotly's camera."""
    places = sorted(name_places(_data), key=lambda one: -one.faces)
    notes = name_notes(places, dark)
    return [{"name": one.name, "x": one.x, "y": one.y, "note": n} for one, n in zip(places, notes, strict=True)]


def _card(project: Project, data: MapData, details: FaceDetails, face_id: int) -> dict[str, Any]:
    row = data.index[face_id]
    picture = thumb(face_tile(project.workspace, data.faces[row]).source, SIDE)
    return {
        "id": face_id,
        "src": jpeg_source(picture),
        "name": details.characters[row],
        "about": f"{details.files[row]}, {_(details.splits[row])}",
    }
