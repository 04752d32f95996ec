"""The trainings there are: compared in a table, their curves, resumed, chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.commands import train
from core.similarity.evaluation import few_words
from core.train.label_errors import read_label_errors
from core.train.runs import ENCODER, RunResult, damaged_runs
from core.workspace.models import CHOSEN, SHIPPED, choose_encoder, encoder_names
from core.workspace.project import Project
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.jobs import is_running, start_button
from ui.common.language import N_, _, heads
from ui.common.links import link
from ui.common.text import duration, plain, sentence
from ui.train.curves import active_figure, loss_figure, validation_figure
from ui.train.progress import CHART, ROOM

FIGURES = {"top1": "top-1", "map_at_r": "MAP@R", "precision_at_5": "precision@5", "eer": "EER"}
HELP = {
    "top1": N_("Share of the validation faces whose nearest character is their own."),
    "map_at_r": N_("Mean average precision at R among the validation faces. The best epoch is chosen by it."),
    "precision_at_5": N_("Share of the five nearest faces that show the same character."),
    "eer": N_("Equal error rate: the rate at which false accepts equal false rejects. Lower is better."),
}
STARTS = {
    "pretrained": N_("the shipped encoder"),
    "imagenet": N_("ImageNet weights"),
    "random": N_("random weights"),
}
BEFORE = N_("Training learns wrong labels too: check these first, with the shipped encoder chosen in Visualise.")
AFTER = N_("Visualise shows them.")
LAST = N_("the last finished run")


def choose(project: Project) -> None:
    """Which encoder recognises, maps and enrols from now on."""
    names = encoder_names(project.workspace)
    chosen = project.catalogue.note(CHOSEN)
    choices = [LAST, *names]
    picked = st.selectbox(
        _("Encoder in use"),
        choices,
        index=choices.index(chosen) if chosen in names else 0,
        format_func=lambda name: {SHIPPED: _("the shipped encoder"), LAST: _(LAST)}.get(name, name),
        key=f"train_encoder_{len(names)}",
        help=_("Visualise and Recognise use it."),
    )
    wanted = None if picked == LAST else picked
    if wanted != (chosen if chosen in names else None):
        with show_errors():
            choose_encoder(project, wanted)
            st.rerun()


def compare(project: Project, runs: Sequence[RunResult], used: str) -> None:
    """All runs in a table; the curves of those that are picked. Where none is, the newest one's, unless another is
    being trained, whose own are above."""
    picked = st.dataframe(
        run_table(runs, used),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key="train_table",
        placeholder="–",
        column_config={
            **heads(("run", "time", "started from", "state")),
            **{
                title: st.column_config.NumberColumn(format="%.1f%%", help=_(HELP[key]))
                for key, title in FIGURES.items()
            },
        },
    )
    rows = [i for i in picked.selection.rows if i < len(runs)] if picked else []
    busy = is_running(project.workspace, "train")
    shown = [runs[i] for i in rows] or list(runs[: 0 if busy else 1])
    for run in runs:
        if not run.finished and run.resumable and not busy:
            arguments = train.Arguments(resume=run.name)
            start_button(project, arguments, _("Resume {name}", name=run.name), key=f"resume_{run.name}", primary=False)
    _details(shown)


def damaged_line(project: Project) -> None:
    """The trainings that cannot be read, and what to do."""
    for folder in damaged_runs(project.workspace.models):
        words = _(
            "{run} cannot be read: its files are damaged. Copy them back from a backup, or delete {folder} and train "
            "again.",
            run=folder.name,
            folder=folder,
        )
        st.warning(plain(words), icon=":material/broken_image:")


def run_table(runs: Sequence[RunResult], used: str) -> pd.DataFrame:
    """One row a run, newest first."""
    rows = []
    for run in runs:
        row: dict[str, Any] = {"run": _("{run} (in use)", run=run.name) if run.name == used else run.name}
        row |= {title: _percent(run.metrics.get(key)) for key, title in FIGURES.items()}
        row["state"] = _state(run)
        row["time"] = duration(run.metrics["seconds"]) if run.metrics.get("seconds") else ""
        row["started from"] = _(STARTS[run.config.init])
        rows.append(row)
    return pd.DataFrame(rows, columns=["run", *FIGURES.values(), "time", "started from", "state"])


def _state(run: RunResult) -> str:
    if run.finished:
        return _("finished") if (run.folder / ENCODER).exists() else _("its weights are missing")
    return _("stopped, can be resumed") if run.resumable else _("not finished")


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _details(runs: Sequence[RunResult]) -> None:
    with_history = {run.name: run for run in runs if run.history}
    if not with_history:
        return
    st.html(ROOM)
    both = st.container(horizontal=True, gap="medium")
    left, right = both.container(key="charts_runs_left"), both.container(key="charts_runs_right")
    checks = validation_figure({name: run.history for name, run in with_history.items()})
    left.plotly_chart(checks, config=CHART, key="runs_validation")
    first = next(iter(with_history.values()))
    points = [(row["step"], row) for row in first.history if row.get("stage") == "choose" and "step" in row]
    if len(with_history) == 1:
        right.plotly_chart(loss_figure(points), config=CHART, key="runs_loss")
        if first.config.mining != "none":
            left.plotly_chart(active_figure(points), config=CHART, key="runs_active")
    if len(runs) == 1 and first.metrics:
        n = first.metrics.get("n")
        low, high = first.metrics.get("top1_low"), first.metrics.get("top1_high")
        parts = [f"{first.name}: {sentence(said(str(first.metrics.get('of', ''))))}"]
        parts.append(_("{n} validation faces.", n=n))
        if low is not None:
            parts.append(_("Top-1 lies between {low:.0%} and {high:.0%} (95% confidence).", low=low, high=high))
        parts.append(said(few_words(first.metrics.get("precision_at_5_limit"))))
        right.caption(plain(" ".join(parts).strip()))
        with show_errors():
            doubtful = read_label_errors(first.folder)
            if doubtful.before or doubtful.after:
                advice = _(BEFORE) if doubtful.before else _(AFTER)
                right.warning(f"{said(doubtful.words)} {advice}", icon=":material/rule:")
                with right:
                    link("visualise", _("Check these faces"))
