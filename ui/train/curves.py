"""Curves of a training as Plotly figures, while it runs and afterwards. Pure: rows in, figures out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plotly import graph_objects as go

from core.progress import Progress
from ui.common.language import _

COLOURS = ("#3b7db3", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Told apart by colour-blind people too (after Okabe and Ito), the first on a dark page as well as on a white one."""

MOST = 300
"""Points drawn of a curve; more cannot be seen."""


def step_curves(history: Sequence[Progress]) -> list[tuple[int, Mapping[str, Any]]]:
    """(step, figures) of the reports of a running training, thinned out evenly to at most `MOST`, the last included."""
    points: list[tuple[int, Mapping[str, Any]]] = [(p.n, p.data) for p in history if "loss" in p.data]
    stride = -(-len(points) // MOST) if points else 1
    thin = points[::stride]
    return thin if not points or thin[-1] is points[-1] else [*thin, points[-1]]


def loss_figure(points: Sequence[tuple[int, Mapping[str, Any]]], height: int = 260) -> go.Figure:
    """The loss and its parts over the steps."""
    figure = go.Figure()
    for name, key in ((_("loss"), "loss"), (_("triplet"), "triplet"), (_("cross-entropy"), "cross_entropy")):
        values = [row.get(key) for at, row in points]
        if key == "loss" or any(values):
            _line(figure, [at for at, row in points], values, name)
    return _layout(figure, _("Loss"), _("step"), height)


def active_figure(points: Sequence[tuple[int, Mapping[str, Any]]], height: int = 260) -> go.Figure:
    """The share of active triplets, in percent, over the steps."""
    figure = go.Figure()
    shares = [100 * row.get("active", 0.0) for at, row in points]
    _line(figure, [at for at, row in points], shares, _("active triplets"))
    figure.update_yaxes(range=[0, 105], ticksuffix="%")
    return _layout(figure, _("Active triplets"), _("step"), height)


def validation_figure(curves: Mapping[str, Sequence[Mapping[str, float]]], height: int = 260) -> go.Figure:
    """MAP@R on the validation faces over the epochs, one line a run; one run alone shows top-1 as well."""
    figure = go.Figure()
    for name, rows in curves.items():
        for key, label in (("map_at_r", "MAP@R"), ("top1", "top-1")):
            own = [row for row in rows if row.get(key) is not None and row.get("stage", "choose") == "choose"]
            if own and (key == "map_at_r" or len(curves) == 1):
                title = label if len(curves) == 1 else name
                _line(figure, [row["epoch"] for row in own], [100 * row[key] for row in own], title, markers=True)
    figure.update_yaxes(range=[0, 105], ticksuffix="%")
    last = max((row["epoch"] for rows in curves.values() for row in rows), default=0)
    figure.update_xaxes(dtick=max(1, -(-int(last) // 10)))  # whole epochs
    return _layout(figure, _("Validation faces") + ("" if len(curves) == 1 else ": MAP@R"), _("epoch"), height)


def live_validation(history: Sequence[Progress]) -> list[dict[str, Any]]:
    """The validations of a running training as rows of a history: the figures in hand at the end of each epoch."""
    rows: dict[int, dict[str, Any]] = {}
    for progress in history:
        data = progress.data
        if data.get("map_at_r") is not None and data.get("stage") == "choose":
            # What is in hand during an epoch was measured at the end of the one before.
            row = {"epoch": data["epoch"] - 1, "map_at_r": data["map_at_r"], "top1": data.get("top1")}
            last = next(reversed(rows.values()), None)
            if last is None or (last["map_at_r"], last["top1"]) != (row["map_at_r"], row["top1"]):
                rows.setdefault(row["epoch"], row)
    return list(rows.values())


def _line(
    figure: go.Figure, x: Sequence[float], y: Sequence[float | None], name: str, *, markers: bool = False
) -> None:
    colour = COLOURS[len(figure.data) % len(COLOURS)]
    mode = "lines+markers" if markers else "lines"
    figure.add_trace(go.Scatter(x=list(x), y=list(y), name=name, mode=mode, line={"color": colour, "width": 2}))


def _layout(figure: go.Figure, title: str, x: str, height: int) -> go.Figure:
    figure.update_layout(
        title={"text": title, "font": {"size": 14}, "x": 0, "xanchor": "left", "xref": "paper", "y": 0.97},
        height=height,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        showlegend=len(figure.data) > 1,
        legend={"orientation": "h", "y": -0.25, "x": 0, "xanchor": "left", "yanchor": "top"},
        hovermode="x unified",
    )
    figure.update_xaxes(title={"text": x, "standoff": 4}, rangemode="tozero")
    return figure
