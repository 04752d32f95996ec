"""The map on a page: the chart, and beside it the pictures of the faces that were clicked or lassoed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal, cast

import streamlit as st

from core.visualise.export import CAVEATS, map_html
from core.visualise.figure import map_figure
from core.visualise.map_data import MapData
from core.workspace.project import Project
from ui.common.charts import is_dark
from ui.common.face_actions import picked_faces
from ui.common.text import count
from ui.common.undo import undo_buttons

MOUSE = {"click": "Click", "lasso": "Lasso"}
HINTS = {
    "click": "**Click a point** and see its face here. Drag to move the map; its buttons zoom.",
    "lasso": "**Draw a lasso around points** and see their faces here.",
    "3D": "**Drag to turn the map.** To pick faces, change to 2D.",
}
WIDTH = 612
PANEL_WIDTH = 310
PANEL_HEIGHT = 430
FEW = 6
"""So many pictures need no scrolling."""


def map_view(project: Project, data: MapData, *, mouse: str = "click", ringed: Collection[int] = ()) -> None:
    """Chart and pictures side by side where there is room, else one below the other. mouse: a key of MOUSE."""
    settings = data.projection.settings
    flat = settings.dimensions == 2
    everybody = sorted(project.catalogue.characters(removed=True), key=lambda c: c.id)
    figure = map_figure(data, order=[c.name for c in everybody], ringed=ringed, lasso=mouse == "lasso", dark=is_dark())
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=WIDTH, gap="small"):
            event = st.plotly_chart(
                figure,
                key=f"chart_{settings.method}_{settings.dimensions}_{mouse}",
                on_select="rerun" if flat else "ignore",
                selection_mode=("points", "box", "lasso"),
                config={"displaylogo": False},
            )
            st.caption(CAVEATS[settings.method])
        with st.container(width=PANEL_WIDTH, gap="small"):
            picked = data.select(picked_ids(cast("Mapping[str, Any]", event))) if flat else []
            if picked:
                st.markdown(f"**{count(len(picked), 'face')} picked on the map**")
                names = {c.id: c.name for c in everybody}
                height: int | Literal["content"] = PANEL_HEIGHT if len(picked) > FEW else "content"
                picked_faces(project, picked, names, key="picked", height=height)
            else:
                st.markdown(HINTS[mouse if flat else "3D"])
            undo_buttons(project)
            st.download_button(
                "Download this map",
                lambda: map_html(data, title=f"Map of {project.workspace.name}"),
                f"{project.workspace.name}-map.html",
                "text/html",
                key="map_download",
                icon=":material/download:",
                help="One file that works without a network and holds no pictures.",
            )


def picked_ids(event: Mapping[str, Any] | None) -> list[int]:
    """Face ids of the clicked or lassoed points, each once, in the order of the answer.

    A point's customdata comes as a number or as a list with one; points without any (a query's star) are passed over.

    >>> picked_ids({"selection": {"points": [{"customdata": 7}, {"customdata": [8]}, {}, {"customdata": 7}]}})
    [7, 8]
    """
    points = (event or {}).get("selection", {}).get("points", [])
    found = []
    for point in points:
        value = point.get("customdata")
        if isinstance(value, Mapping):
            value = list(value.values())
        if isinstance(value, (list, tuple)):
            value = value[0] if value else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found.append(int(value))
    return list(dict.fromkeys(found))
