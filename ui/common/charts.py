"""The charts that pages share, as Plotly figures: histograms with a threshold, a ROC curve, similarity bars."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from plotly import graph_objects as go

from core.similarity.metrics import Roc
from ui.common.language import _

GENUINE, IMPOSTOR, ACCENT = "#3b7db3", "#d55e00", "#7b8794"
"""Same character, different characters, the threshold: each stands out from a white and from a dark page."""

GUESS, BELOW = "rgba(59, 125, 179, 0.6)", "rgba(123, 135, 148, 0.35)"
"""Bars between the thresholds, and those that reach none: paler than a match on either page."""

NEAR_THE_END, WORD = 0.9, 12
"""From which similarity on a threshold's line has no room for its word behind it; the height of a word in pixels."""


def score_histograms(
    genuine: np.ndarray,
    impostor: np.ndarray,
    *,
    threshold: float | None = None,
    unsure: float | None = None,
    names: tuple[str, str] | None = None,
    height: int = 280,
) -> go.Figure:
    """Both kinds of similarities as shares of their own kind, the threshold drawn in where it is given.

    names: of the two kinds; without them, same and different characters.
    """
    own, other = names or (_("same character"), _("different characters"))
    both = np.concatenate([genuine, impostor])
    edges = np.linspace(float(both.min()), max(float(both.max()), float(both.min()) + 1e-3), 41)
    centres = (edges[:-1] + edges[1:]) / 2
    figure = go.Figure()
    for scores, name, colour in ((genuine, own, GENUINE), (impostor, other, IMPOSTOR)):
        shares = np.histogram(scores, edges)[0] / max(len(scores), 1)
        figure.add_bar(
            x=centres,
            y=shares,
            width=np.diff(edges),
            name=f"{name} ({len(scores):,})",
            marker={"color": colour, "line": {"width": 0}},
            opacity=0.6,
            hovertemplate=_("similarity") + " %{x:.2f}: %{y:.1%}<extra></extra>",
        )
    markers = ((threshold, _("match"), "solid", "left", 4), (unsure, _("unsure"), "dot", "right", -4))
    for value, words, dash, anchor, shift in markers:
        if value is not None:
            figure.add_vline(value, line={"color": ACCENT, "width": 2, "dash": dash})
            figure.add_annotation(
                x=value, y=1, yref="paper", text=words, showarrow=False, xanchor=anchor, yanchor="top", xshift=shift
            )
    figure.update_layout(barmode="overlay", yaxis={"tickformat": ".0%", "title": _("share")})
    figure.update_xaxes(title=_("similarity"))
    return _dressed(figure, height)


def roc_curve(curve: Roc, eer: float, *, height: int = 320) -> go.Figure:
    """Accepted genuine pairs over accepted impostor pairs, the latter on a logarithmic axis; the EER as a point."""
    impostors, pairs = _("impostor pairs accepted"), _("genuine pairs accepted")
    rows = np.flatnonzero(curve.far > 0)
    if len(rows) > 2000:  # a browser draws no more than it shows
        rows = rows[np.unique(np.geomspace(1, len(rows), 2000).astype(int) - 1)]
    figure = go.Figure()
    figure.add_scatter(
        x=curve.far[rows],
        y=curve.tar[rows],
        mode="lines",
        name="ROC",
        line={"color": GENUINE, "width": 2},
        hovertemplate=f"{impostors} %{{x:.2%}}, {pairs} %{{y:.1%}}<extra></extra>",
    )
    low = float(curve.far[rows].min()) if len(rows) else 1.0
    figure.add_scatter(
        x=[max(eer, low)],  # a logarithmic axis has no 0
        y=[1 - eer],
        mode="markers",
        name=_("equal error rate {eer:.1%}", eer=eer),
        marker={"color": IMPOSTOR, "size": 11, "symbol": "diamond"},
        hoverinfo="name",
    )
    ticks = [step * 10.0**power for power in range(-6, 1) for step in ((1, 2, 5) if low > 0.005 else (1,))]
    ticks = [tick for tick in ticks if tick <= 1]
    figure.update_xaxes(type="log", title=impostors, tickvals=ticks, ticktext=[f"{100 * tick:g}%" for tick in ticks])
    figure.update_yaxes(title=pairs, tickformat=".0%", range=[0, 1.02])
    return _dressed(figure, height)


def similarity_bars(
    names: Sequence[str], similarities: Sequence[float], *, match: float, unsure: float, height: int | None = None
) -> go.Figure:
    """A bar a candidate, best on top, the thresholds as lines; what reaches none is pale."""
    names, similarities = list(names)[::-1], np.array(similarities, float)[::-1]
    colours = [GENUINE if s >= match else GUESS if s >= unsure else BELOW for s in similarities]
    figure = go.Figure(
        go.Bar(
            x=similarities,
            y=list(range(len(names))),
            orientation="h",
            marker={"color": colours},
            hoverinfo="skip",
        )
    )
    low = min(0.0, float(similarities.min(initial=0.0)))
    words = [f"{escape(name)}  <b>{s:.2f}</b>" for name, s in zip(names, similarities, strict=True)]
    figure.update_xaxes(range=[low, 1.02], title=None, tickvals=[0, 0.5, 1])
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=words, title=None)
    at_the_end = match >= NEAR_THE_END  # no room behind the line: both words stand before theirs, one above the other
    behind = "right" if at_the_end else "left"
    words_of = ((match, _("match"), "solid", behind, 0), (unsure, _("unsure"), "dot", "right", WORD * at_the_end))
    for value, word, dash, anchor, up in words_of:
        figure.add_vline(value, line={"color": ACCENT, "width": 1.5, "dash": dash})
        place = {"x": value, "y": 1, "yref": "paper", "xanchor": anchor, "yanchor": "bottom", "yshift": up}
        figure.add_annotation(text=word, showarrow=False, font={"size": 11}, **place)
    figure.update_layout(showlegend=False)
    top = 22 + WORD * at_the_end
    return _dressed(figure, height or 40 + top + 28 * len(names), top=top)


def chart_config(name: str, **more: Any) -> dict[str, Any]:
    """Plotly's settings for a chart: its camera saves a PNG of that name, twice as fine as the screen."""
    return {"displaylogo": False, "toImageButtonOptions": {"filename": name, "scale": 2}, **more}


def is_dark() -> bool:
    """Whether the browser shows the dark theme."""
    return st.context.theme.type == "dark"


def _dressed(figure: go.Figure, height: int, top: int = 8) -> go.Figure:
    figure.update_layout(
        template="plotly_white",
        height=height,
        margin={"l": 8, "r": 8, "t": top, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        bargap=0.35,
    )
    return figure
