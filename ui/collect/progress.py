"""A collection that runs: what each source is doing, the newest pictures, why others were not kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.collect.source import card
from core.errors import SourceError
from core.jobs import Job
from core.progress import Progress
from core.workspace.folders import Workspace
from ui.common.from_core import said
from ui.common.grid import Tile, picture_grid
from ui.common.language import N_, _, heads
from ui.common.text import plain

NEWEST = 14


def live(workspace: Workspace, job: Job) -> None:
    """Draw what the job says of itself."""
    history = job.history()
    if not history:
        return
    data = history[-1].data
    if data.get("sources"):
        table = source_table(data["sources"])
        st.dataframe(table, hide_index=True, key=f"live_sources_{job.id}", column_config=heads(table.columns))
    for one in data.get("sources", ()):
        if one["message"]:
            st.warning(plain(said(one["message"])), icon=":material/warning:")
    tiles = newest_tiles(workspace, history)
    if tiles:
        picture_grid(tiles, key="live_pictures", side=100)
    if data.get("reasons"):
        reasons = sorted(data["reasons"].items(), key=lambda item: -item[1])
        told = "; ".join(f"{n} × {plain(said(reason))}" for reason, n in reasons[:6])
        st.caption(_("Not kept: {reasons}", reasons=told))


def source_table(sources: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """One row a source: its state and its counts."""
    rows = [
        {
            N_("source"): title_of(one["name"]),
            N_("state"): said(one["state"]),
            N_("found"): one["found"],
            N_("kept"): one["kept"],
            N_("duplicates"): one["duplicates"],
            N_("refused"): one["refused"],
            N_("failed"): one["failed"],
        }
        for one in sources
    ]
    return pd.DataFrame(rows)


def newest_tiles(workspace: Workspace, history: Sequence[Progress]) -> list[Tile]:
    """The pictures kept last, the newest first."""
    kept = [p.data["last"] for p in history[-200:] if p.data.get("last", {}).get("outcome") == "kept"]
    kept = [one for one in kept if one["path"]][-NEWEST:][::-1]
    return [Tile(one["picture"], workspace.path(one["path"]), one["character"]) for one in kept]


def title_of(name: str) -> str:
    """A source's title for a person; its name where it is none of ours (an import by hand)."""
    try:
        return said(card(name).title)
    except SourceError:
        return name or _("by hand")
