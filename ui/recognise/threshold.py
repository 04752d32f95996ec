"""The threshold, and what it costs: a false-accept rate to choose, both histograms, and the price in words."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.recognise.threshold import Threshold
from ui.common.charts import chart_config, score_histograms
from ui.common.from_core import said
from ui.common.language import _
from ui.common.links import link
from ui.common.text import plain, sentence

STRICT = 0.5
"""Where fewer of the enrolled faces than that would be matched, the page says what may be wrong."""

RATES = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1)


def rate_slider() -> float:
    """The false-accept rate that the person chose."""
    return st.select_slider(
        _("False-accept rate"),
        RATES,
        value=0.01,
        format_func=lambda rate: f"{100 * rate:g}%",
        key="far",
        persist_state="session",
        width=320,
        help=_("Unknown characters that get a name. Lower: fewer wrong names, more faces unsure or unknown."),
    )


def costs(threshold: Threshold) -> tuple[float, float, float]:
    """Shares of the enrolled faces, asked without themselves, that would be matched by similarity, unsure, unknown."""
    genuine = threshold.scores.genuine
    if not len(genuine):
        return float("nan"), float("nan"), float("nan")
    match = float(np.mean(genuine >= threshold.match))
    unknown = float(np.mean(genuine < threshold.unsure))
    return match, max(1 - match - unknown, 0.0), unknown


def threshold_view(threshold: Threshold) -> None:
    """The histograms with the threshold drawn in, and what it does to the faces that are enrolled."""
    st.markdown(f"**{_('What this threshold costs')}**")
    match, unsure, unknown = costs(threshold)
    if not np.isnan(match):
        st.markdown(
            _(
                "Of the enrolled faces, each asked without itself, **{match:.0%}** reach a match, {unsure:.0%} "
                "are left unsure and {unknown:.0%} unknown; of strangers, about {far:g}% get a name.",
                match=match,
                unsure=unsure,
                unknown=unknown,
                far=100 * threshold.far,
            )
        )
    if match < STRICT:
        st.warning(
            _(
                "At this rate few faces reach a match: either this encoder does not tell strangers apart well "
                "enough, or some faces have wrong names. Correct the possible label errors, train longer, or let "
                "more strangers get a name."
            ),
            icon=":material/label_off:",
        )
        link("visualise", _("Look at the possible label errors"))
    for advice in threshold.advice:
        st.markdown(f":material/lightbulb: {plain(said(advice))}")
    scores = threshold.scores
    if len(scores.genuine) and len(scores.impostor):
        figure = score_histograms(
            scores.genuine,
            scores.impostor,
            threshold=threshold.match,
            unsure=threshold.unsure,
            names=(_("to their own character"), _("strangers to the nearest")),
        )
        st.plotly_chart(figure, key="threshold_histogram", config=chart_config("threshold"))
    named = _("Named from {match:.2f} on.", match=threshold.match)
    st.caption(plain(f"{named} {sentence(said(threshold.note))}"))
