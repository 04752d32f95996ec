"""What an encoder is worth, in figures: both protocols, the ROC curve, and a table by character, worst first."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from core.commands import evaluate
from core.errors import DataError
from core.similarity import metrics
from core.similarity.evaluation import Evaluation, few_words
from core.workspace.project import Project
from ui.common.charts import chart_config, roc_curve, score_histograms
from ui.common.from_core import said
from ui.common.jobs import job_panel, show_command_line, start_button
from ui.common.language import N_, _, heads
from ui.common.links import lead_to
from ui.common.text import plain, sentence
from ui.visualise.kept import measured


def figures_tab(project: Project, encoder: str) -> None:
    """The figures of an encoder on today's split; a button that measures where that was not done yet."""
    job_panel(project.workspace, "evaluate", key="evaluate_job", quiet=True)
    try:
        found = measured(project, encoder)
    except DataError as error:
        st.info(plain(said(str(error))), icon=":material/balance:")
        lead_to("balance")
        return
    if found is None:
        st.info(_("This encoder has not been measured on these faces yet."), icon=":material/speed:")
        start_button(project, evaluate.Arguments(encoder), _("Measure"), key="evaluate_start")
        return
    figures_view(found.found, found.genuine, found.impostor)
    show_command_line(project.workspace, evaluate.Arguments(encoder))


def figures_view(found: Evaluation, genuine: np.ndarray, impostor: np.ndarray) -> None:
    """The figures of an evaluation; genuine and impostor: scores of the pairs of validation faces."""
    with st.container(horizontal=True, gap="medium"):
        _figure("Top-1", found.top1, _("Gallery: the nearest enrolled character is the right one."), _interval(found))
        _figure("MAP@R", found.map_at_r, _("Among: how well the R nearest faces are all of the same character."))
        _figure("Precision@5", found.precision_at_5, _("Among: share of the five nearest faces of the same character."))
        _figure("Hit@5", found.hit_at_5, _("Among: any of the five nearest faces is of the same character."))
        _figure("EER", found.eer, _("Pairs: the rate at which false accepts equal false rejects. Lower is better."))
        if not math.isnan(found.dir_at_far_1):
            words = _("Open set: named rightly and accepted, where 1% of the strangers' faces are accepted.")
            _figure(_("Named at 1% FAR"), found.dir_at_far_1, words)
    few = said(few_words(found.precision_at_5_limit))
    st.caption(plain(f"{sentence(said(found.protocol))} {few}".strip()))
    st.dataframe(
        {
            "character": [row.character for row in found.by_character],
            "faces": [row.n for row in found.by_character],
            N_("nearest is right"): [row.precision_at_1 for row in found.by_character],
            "precision@5": [row.precision_at_5 for row in found.by_character],
            "MAP@R": [row.map_at_r for row in found.by_character],
        },
        column_config=heads(("character", "faces"))
        | {
            name: st.column_config.ProgressColumn(_(name), min_value=0.0, max_value=1.0, format="%.2f")
            for name in ("nearest is right", "precision@5", "MAP@R")
        },
        hide_index=True,
        key="figures_table",
    )
    if len(genuine) and len(impostor):
        left, right = st.columns(2)
        with left:
            st.markdown(f"**{_('How similar two validation faces are')}**")
            st.plotly_chart(
                score_histograms(genuine, impostor, height=320),
                key="figures_histogram",
                config=chart_config("similarities"),
            )
        with right:
            st.markdown(f"**{_('What a threshold costs')}** (ROC)")
            st.plotly_chart(
                roc_curve(metrics.roc(genuine, impostor), found.eer), key="figures_roc", config=chart_config("ROC")
            )


def _figure(name: str, value: float, help: str, interval: str = "") -> None:
    st.metric(name, "–" if math.isnan(value) else f"{value:.3f}", help=f"{help} {interval}".strip(), width="content")


def _interval(found: Evaluation) -> str:
    if math.isnan(found.top1_low):
        return ""
    return _("95% interval {low:.3f} to {high:.3f}.", low=found.top1_low, high=found.top1_high)
