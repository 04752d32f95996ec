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

FINE = 5
"""Pixels of such a point, which has no line around it: a processor that draws in place of a graphics card takes many
times longer for larger ones with a line."""

RING = "#e6007e"
"""Seen on a light page and on a dark one; no character has it."""

PALE = 0.12
"""Opacity of all other points while some were found (3D)."""

View = tuple[tuple[float, float], tuple[float, float]]
"""What is shown of a map in 2D: from and to on each axis."""

LEGEND = {
    **{"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0},
    **{"itemsizing": "constant", "maxheight": 0.2},
}
"""Along the lower edge of the whole chart: wherever the axis and its title end, it lies below them. Of many characters
it scrolls in a fifth of the height: their names stand on the map."""

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
    groups: Sequence[str] | None = None,
    found: Collection[int] = (),
    view: View | None = None,
    query_points: Sequence[QueryPoint] = (),
    write_names: bool = True,
    hover_words: bool = True,
    dark: bool = False,
    lasso: bool = False,
    height: int = HEIGHT,
) -> Figure:
    """Draw a map; customdata of each point is the face's id.

    groups: what colours each face, in the map's order; None: its character. order: all values that there are, so that
    each keeps its mark when others come and go on the map. found: ids of faces that stand out, the others pale (3D; on
    a plane the page draws that over the chart). view: what is shown of a plane; None: all of it. hover_words: Plotly
    says who a point is; else the page does. dark: whether it is drawn on a dark page. lasso: dragging draws one,
    instead of moving the map, and a click picks nothing (2D). Names are escaped: Plotly reads HTML in them.
    """
    from plotly import graph_objects as go

    labels = np.array(data.labels)
    grouped = labels if groups is None else np.array(groups)
    there = sorted(set(grouped.tolist()))
    mark_of = markers(order or there)
    mark_of |= {name: mark for name, mark in markers(there).items() if name not in mark_of}
    rows_found = np.isin([face.id for face in data.faces], list(found))
    figure = go.Figure()
    for name in sorted(there, key=list(mark_of).index):
        own = grouped == name
        look = _Look(mark_of[name], PALE if rows_found.any() else 0.85, hover_words)
        figure.add_trace(_trace(go, data, np.flatnonzero(own), name, look))
        if (own & rows_found).any():
            look = _Look(mark_of[name], 1, hover_words, listed=False)
            figure.add_trace(_trace(go, data, np.flatnonzero(own & rows_found), name, look))
    for point in query_points:
        figure.add_trace(_query_trace(go, point))
    if data.projection.settings.dimensions == 2:
        _flat(figure, data, lasso, view)
        if write_names:
            # all at once: Plotly checks all of them anew for each that is added
            figure.update_layout(annotations=name_notes(name_places(data), dark))
    else:
        _deep(figure, data)
        if write_names:
            figure.add_trace(_deep_names(go, data, labels, dark))
    figure.update_layout(
        template="plotly_white",
        height=height,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},  # above: plotly's buttons, which would lie over a name
        legend=LEGEND,
        hoverlabel={"align": "left"},
        uirevision=f"{data.projection.settings.method}-{data.projection.settings.dimensions}",
    )
    return figure


@dataclass(frozen=True, slots=True)
class _Look:
    """How the points of a trace look, whether Plotly says in words what they are, and whether the legend lists them."""

    mark: Marker
    opacity: float
    words: bool
    listed: bool = True


def _trace(go: Any, data: MapData, rows: np.ndarray, name: str, look: _Look) -> Any:
    points, safe = data.projection.points[rows], escape(name)
    shared: dict[str, Any] = {
        "mode": "markers",
        "name": safe,
        "showlegend": look.listed,
        "customdata": [data.faces[row].id for row in rows],
        "x": points[:, 0],
        "y": points[:, 1],
    }
    if look.words:
        shared["hovertemplate"] = f"{safe}<br>face %{{customdata}}<extra></extra>"
    else:
        shared["hoverinfo"] = "none"  # the event still comes
    mark, opacity = look.mark, look.opacity
    if points.shape[1] == 3:
        marker = {"color": mark.colour, "symbol": mark.symbol_3d, "size": 4, "opacity": opacity}
        return go.Scatter3d(**shared, z=points[:, 2], marker=marker)
    many = len(data.faces) >= MANY
    marker = {"color": mark.colour, "symbol": mark.symbol, "size": FINE if many else 9, "opacity": opacity}
    marker["line"] = {"color": "#ffffff", "width": 0 if many else 0.6}
    kind = go.Scattergl if many else go.Scatter
    selected, unselected = {"marker": {"size": 12, "opacity": 1}}, {"marker": {"opacity": 0.35}}
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


def _flat(figure: Figure, data: MapData, lasso: bool, view: View | None) -> None:
    meaningless = not data.projection.explained  # UMAP's and t-SNE's axes have no unit
    shared = {"showticklabels": not meaningless, "zeroline": False, "showgrid": not meaningless, "ticks": ""}
    figure.update_xaxes(title=_axis_title(data, 0), **shared)
    figure.update_yaxes(title=_axis_title(data, 1), **shared)
    if view is not None:
        figure.update_xaxes(range=view[0])
        figure.update_yaxes(range=view[1])
    figure.update_layout(dragmode="lasso" if lasso else "pan")


def _deep(figure: Figure, data: MapData) -> None:
    meaningless = not data.projection.explained
    axes = {
        f"{letter}axis": {"title": {"text": _axis_title(data, i)}, "showticklabels": not meaningless}
        for i, letter in enumerate("xyz")
    }
    figure.update_layout(scene={**axes, "aspectmode": "data", "dragmode": "turntable"})


_NOTE = {"showarrow": False, "yanchor": "bottom", "yshift": 6, "borderpad": 1, "captureevents": False}


@dataclass(frozen=True, slots=True)
class NamePlace:
    """A character's name, where it stands on a plane, and how many faces it has there."""

    name: str
    x: float
    y: float
    faces: int


def name_places(data: MapData) -> list[NamePlace]:
    """Each name above the heart of its character: the nearest four fifths of its faces to the one in their middle. In
    the order of the alphabet."""
    labels, found = np.array(data.labels), []
    for name in sorted(set(data.labels)):
        own = data.projection.points[labels == name]
        heart = _heart(own)
        found.append(NamePlace(name, float(np.median(heart[:, 0])), float(heart[:, 1].max()), len(own)))
    return found


def name_notes(places: Sequence[NamePlace], dark: bool) -> list[dict[str, Any]]:
    """The names as Plotly's annotations, as they stand on a light or a dark page."""
    look = _NOTE | {"font": {"size": 13, "color": NAMES[dark][0]}, "bgcolor": NAMES[dark][1]}
    return [{"x": one.x, "y": one.y, "text": escape(one.name)} | look for one in places]


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
