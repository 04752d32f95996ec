"""The chart of the map: drawn anew only where it shows something else, so that zoom and picks stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import streamlit as st
from plotly.graph_objects import Figure

from core.visualise.details import FaceDetails
from core.visualise.figure import View, map_figure
from core.visualise.map_data import MapData
from core.workspace.project import Project
from core.workspace.tables import Face
from ui.common.charts import chart_config, is_dark
from ui.common.from_core import said
from ui.common.language import language
from ui.visualise.hover import CHART, seen
from ui.visualise.tools import Tools, colour_groups

PICKS, DRAWN, ROUND = "map_picks", "map_drawn", "map_round"


def show_chart(project: Project, data: MapData, details: FaceDetails, tools: Tools, found: Sequence[int]) -> None:
    """Draw the map; what is picked on it is remembered. found: ids of faces that stand out in space (3D)."""
    settings = data.projection.settings
    flat = settings.dimensions == 2
    groups, order = colour_groups(project, data, details, tools.colour)
    lasso, dark, shown = tools.mouse == "lasso", is_dark(), () if flat else tuple(found)
    drawn = data.key, tuple(groups), tuple(order), lasso, dark, shown, language()
    # Streamlit takes a chart that differs in anything for another one, without the zoom and the picks of the first.
    before, figure = st.session_state.get(DRAWN, (None, None))
    if before != drawn:
        view: View | None = seen(data) if flat else None
        figure = map_figure(
            data,
            order=order,
            groups=groups,
            found=shown,
            view=view,
            lasso=lasso,
            dark=dark,
            hover_words=False,
            write_names=not flat,  # on a plane the page writes them: Plotly draws each anew in every frame of a move
        )
        _translate_axes(figure)
        st.session_state[DRAWN] = drawn, figure
    key = f"chart_{settings.method}_{settings.dimensions}_{tools.mouse}_{st.session_state.get(ROUND, 0)}"

    def picking() -> None:
        st.session_state[PICKS] = picked_ids(cast("Mapping[str, Any]", st.session_state.get(key)))

    with st.container(key=CHART):
        st.plotly_chart(
            figure,
            key=key,
            on_select=picking if flat else "ignore",
            selection_mode=("points", "box", "lasso"),
            config=chart_config(f"{project.name} map", scrollZoom=flat),
        )


def _translate_axes(figure: Figure) -> None:
    layout = figure.layout
    flat, deep = (layout.xaxis, layout.yaxis), (layout.scene.xaxis, layout.scene.yaxis, layout.scene.zaxis)
    for axis in (*flat, *deep):
        if axis.title.text:
            axis.title.text = said(axis.title.text)


def still_picked(data: MapData) -> list[Face]:
    """The picked faces that are on the map: a new name leaves them picked."""
    return data.select(st.session_state.get(PICKS, []))


def forget_picked() -> None:
    """Nothing is picked any more; the chart is made anew, because it has a memory of its own."""
    st.session_state.pop(PICKS, None)
    st.session_state.pop(DRAWN, None)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


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
