"""The map as a Plotly figure: one trace a character, a face's id on every point, names written on the map itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from core.visualise.map_data import MapData
from core.visualise.markers import Marker, markers

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HEIGHT = 620
MANY = 5000
"""From so many points on, 2D is drawn by WebGL."""

RING = "#e6007e"
"""Seen on a light page and on a dark one; no character has it."""

NAMES = {False: ("#111111", "rgba(255,255,255,0.75)"), True: ("#e6ebf0", "rgba(15,19,24,0.75)")}
"""Colour of the names, and behind them, on a light and on a dark page."""


@dataclass(frozen=True)
class QueryPoint:
    """A query on the map: where it falls, float (2,) or (3,), and what is said of it."""

    point: np.ndarray
    words: str


def map_figure(
    data: MapData,
    *,
    order: Sequence[str] | None = None,
    ringed: Collection[int] = (),
    query_points: Sequence[QueryPoint] = (),
    write_names: bool = True,
    dark: bool = False,
    lasso: bool = False,
    height: int = HEIGHT,
) -> Figure:
    """Draw a map; customdata of each point is the face's id.

    order: names of all characters of the workspace, so that each keeps its mark when others come and go on the map.
    ringed: ids of faces that get a magenta ring (2D). dark: whether it is drawn on a dark page. lasso: dragging draws
    one, instead of moving the map, and a click picks nothing (2D). Names are escaped: Plotly reads HTML in them.
    """
    from plotly import graph_objects as go

    labels = np.array(data.labels)
    mark_of = markers(order or sorted(set(data.labels)))
    mark_of |= {name: mark for name, mark in markers(sorted(set(data.labels))).items() if name not in mark_of}
    ids = np.array([face.id for face in data.faces], np.int64)
    figure = go.Figure()
    for name in sorted(set(data.labels), key=list(mark_of).index):
        rows = np.flatnonzero(labels == name)
        figure.add_trace(_trace(go, data, rows, ids[rows], name, mark_of[name], ringed))
    for point in query_points:
        figure.add_trace(_query_trace(go, point))
    if data.projection.settings.dimensions == 2:
        _flat(figure, data, lasso)
        if write_names:
            _names(figure, data, labels, dark)
    else:
        _deep(figure, data)
        if write_names:
            figure.add_trace(_deep_names(go, data, labels, dark))
    figure.update_layout(
        template="plotly_white",
        height=height,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},  # above: plotly's buttons, which would lie over a name
        legend={"orientation": "h", "y": -0.12 if _axis_title(data, 0) else -0.04, "x": 0, "itemsizing": "constant"},
        hoverlabel={"align": "left"},
        uirevision=f"{data.projection.settings.method}-{data.projection.settings.dimensions}",
    )
    return figure


def _trace(
    go: Any, data: MapData, rows: np.ndarray, ids: np.ndarray, name: str, mark: Marker, ringed: Collection[int]
) -> Any:
    points, safe = data.projection.points[rows], escape(name)
    shared: dict[str, Any] = {
        "mode": "markers",
        "name": safe,
        "customdata": ids.tolist(),
        "hovertemplate": f"{safe}<br>face %{{customdata}}<extra></extra>",
        "x": points[:, 0],
        "y": points[:, 1],
    }
    if points.shape[1] == 3:
        marker = {"color": mark.colour, "symbol": mark.symbol_3d, "size": 4, "opacity": 0.85}
        return go.Scatter3d(**shared, z=points[:, 2], marker=marker)
    rings = [int(face_id) in ringed for face_id in ids]
    line = {
        "color": [RING if ring else "#ffffff" for ring in rings],
        "width": [2.5 if ring else 0.6 for ring in rings],
    }
    marker = {"color": mark.colour, "symbol": mark.symbol, "size": 9, "opacity": 0.85, "line": line}
    kind = go.Scattergl if len(data.faces) >= MANY else go.Scatter
    selected, unselected = {"marker": {"size": 12, "opacity": 1}}, {"marker": {"opacity": 0.25}}
    return kind(**shared, marker=marker, selected=selected, unselected=unselected)


def _query_trace(go: Any, query: QueryPoint) -> Any:
    words = escape(query.words)
    x, y, *z = ([float(v)] for v in query.point)
    shared = {"x": x, "y": y, "name": words, "mode": "markers", "hovertemplate": f"{words}<extra></extra>"}
    if z:
        marker = {"symbol": "diamond-open", "size": 10, "color": RING, "line": {"width": 4}}
        return go.Scatter3d(**shared, z=z[0], marker=marker)
    marker = {"symbol": "star", "size": 22, "color": "#ffd23f", "line": {"color": RING, "width": 2}}
    return go.Scatter(**shared, marker=marker)


def _axis_title(data: MapData, axis: int) -> str:
    explained = data.projection.explained
    return f"axis {axis + 1}: {explained[axis]:.0%} of the variance" if explained else ""


def _flat(figure: Figure, data: MapData, lasso: bool) -> None:
    meaningless = not data.projection.explained  # UMAP's and t-SNE's axes have no unit
    shared = {"showticklabels": not meaningless, "zeroline": False, "showgrid": not meaningless, "ticks": ""}
    figure.update_xaxes(title=_axis_title(data, 0), **shared)
    figure.update_yaxes(title=_axis_title(data, 1), **shared)
    figure.update_layout(dragmode="lasso" if lasso else "pan")


def _deep(figure: Figure, data: MapData) -> None:
    meaningless = not data.projection.explained
    axes = {
        f"{letter}axis": {"title": {"text": _axis_title(data, i)}, "showticklabels": not meaningless}
        for i, letter in enumerate("xyz")
    }
    figure.update_layout(scene={**axes, "aspectmode": "data", "dragmode": "turntable"})


def _names(figure: Figure, data: MapData, labels: np.ndarray, dark: bool) -> None:
    """Each name above the heart of its character: the nearest four fifths of its faces to the one in their middle."""
    for name in sorted(set(data.labels)):
        own = data.projection.points[labels == name]
        heart = _heart(own)
        figure.add_annotation(
            x=float(np.median(heart[:, 0])),
            y=float(heart[:, 1].max()),
            text=escape(name),
            showarrow=False,
            yanchor="bottom",
            yshift=6,
            font={"size": 13, "color": NAMES[dark][0]},
            bgcolor=NAMES[dark][1],
            borderpad=1,
            captureevents=False,
        )


def _deep_names(go: Any, data: MapData, labels: np.ndarray, dark: bool) -> Any:
    names = sorted(set(data.labels))
    hearts = [_heart(data.projection.points[labels == name]) for name in names]
    x, y, z = np.array([[*np.median(heart[:, :2], axis=0), heart[:, 2].max()] for heart in hearts]).T
    text, font = [escape(name) for name in names], {"size": 13, "color": NAMES[dark][0]}
    shared = {"textposition": "top center", "textfont": font, "hoverinfo": "skip", "showlegend": False}
    return go.Scatter3d(x=x, y=y, z=z, mode="text", text=text, **shared)


def _heart(points: np.ndarray) -> np.ndarray:
    distance = np.linalg.norm(points - np.median(points, axis=0), axis=1)
    return points[np.argsort(distance, kind="stable")[: max(round(len(points) * 0.8), 1)]]
