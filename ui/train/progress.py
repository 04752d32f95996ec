"""A training that runs: its figures and curves, once a second."""

from __future__ import annotations

import streamlit as st

from core.jobs import Job
from core.train.collapse import WARNING
from ui.common.charts import chart_config
from ui.common.from_core import said
from ui.common.language import N_, _
from ui.common.links import link
from ui.train.curves import active_figure, live_validation, loss_figure, step_curves, validation_figure

CHART = chart_config("training")
ROOM = """<style>
[class*="st-key-live_loss"], [class*="st-key-live_validation"], [class*="st-key-live_active"],
[class*="st-key-runs_loss"], [class*="st-key-runs_validation"], [class*="st-key-runs_active"] { min-height: 260px; }
[data-testid="stLayoutWrapper"]:has(> [class*="st-key-charts_"]) { flex: 1 1 340px; min-width: min(340px, 100%); }
</style>"""
"""A chart that is on its way has its room already, so that nothing jumps when it comes. Two stand side by side where
there is room for both, and each takes half of it."""
ACTIVE_HELP = N_("Share of the triplets that still break the margin, so that the encoder still learns from them.")


def live(job: Job) -> None:
    """Epoch, loss, active triplets, the best check so far, the curves, and a warning where it has collapsed."""
    history = job.history()
    points = step_curves(history)
    doubtful = next((p for p in history if p.data.get("doubtful")), None)
    if doubtful is not None:
        words = f"{said(doubtful.note)} {_('Training learns wrong labels too: cancel, correct them, train again.')}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(words, icon=":material/rule:", width="stretch")
            link("visualise", _("Check these faces"))
    if not points:
        st.caption(_("Reading the faces …"))
        return
    now = points[-1][1]
    if now.get("collapsed"):
        st.error(said(WARNING), icon=":material/warning:")
    checks = live_validation(history)
    with st.container(horizontal=True, gap="large"):
        stage = (
            _("refitting on all faces") if now.get("stage") == "refit" else _("choosing the best epoch by validation")
        )
        st.metric(_("Epoch"), str(now.get("epoch", "")), width="content", help=_("Stage: {stage}.", stage=stage))
        st.metric(_("Loss"), f"{now['loss']:.3f}", width="content")
        st.metric(_("Active triplets"), f"{now['active']:.0%}", width="content", help=_(ACTIVE_HELP))
        if checks:
            best = max(checks, key=lambda row: row["map_at_r"])
            st.metric(
                _("Best MAP@R so far"),
                f"{best['map_at_r']:.1%}",
                width="content",
                help=_("Epoch {n}.", n=best["epoch"]),
            )
    st.html(ROOM)
    both = st.container(horizontal=True, gap="medium")
    left, right = both.container(key="charts_live_left"), both.container(key="charts_live_right")
    left.plotly_chart(loss_figure(points), config=CHART, key="live_loss")
    if checks:
        right.plotly_chart(validation_figure({_("this run"): checks}), config=CHART, key="live_validation")
    else:
        right.plotly_chart(active_figure(points), config=CHART, key="live_active")
