"""The grid of faces as a component of our own: picks on all pages, ranges with Shift, keys; what was pressed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from core.crop.bulk import keep_best_of_each, with_kept
from core.crop.presses import unapplied
from core.errors import WhoAmIError
from core.workspace import faces as faces_of
from core.workspace.project import Project
from core.workspace.tables import Change
from ui.common.component import component
from ui.common.from_core import said
from ui.common.grid import Tile, thumb
from ui.common.language import _
from ui.common.served import served
from ui.common.text import capital
from ui.common.undo import take_back
from ui.crop.state import Review

BROWSER = Path(__file__).parent / "browser"
KEY = "review_grid"
SIDE = 220
"""Pixels: a thumbnail as it is sent; it is shown at half that."""

NO_PIXELS = "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="


def faces_grid(review: Review, tiles: Sequence[Tile]) -> None:
    """Draw the tiles of one page."""
    shown = []
    for n, tile in enumerate(tiles):
        data = thumb(tile.source, SIDE)
        url = served(data, f"grid.{n}") if data is not None else NO_PIXELS
        shown.append({"id": tile.id, "url": url, "name": tile.caption, "about": tile.help})
    html = '<div class="wg-grid" role="group"></div>'
    drawn = component("faces", BROWSER, html, "grid.css", "queue.js", "grid.js", isolate_styles=False)
    drawn(
        key=KEY,
        data={
            "token": _token(review),
            "acknowledged": review.grid_acknowledged,
            "picked": sorted(review.picked),
            "tiles": shown,
            "label": _("Faces"),
        },
        on_presses_change=_nothing,
    )


def apply_grid_presses(project: Project, review: Review, reason: str) -> None:
    """Do what was pressed in the grid since the last run, in order, each once. `reason`: why a face is rejected."""
    state = st.session_state.get(KEY)
    sent = state.get("presses") if isinstance(state, Mapping) else None
    for press in unapplied(sent, _token(review), review.grid_acknowledged):
        review.grid_acknowledged = press.serial
        ids = set(press.faces)
        if press.act == "pick":
            review.picked |= ids
        elif press.act == "unpick":
            review.picked -= ids
        elif press.act in ("keep", "reject", "undo"):
            decide(project, review, press.act, sorted(ids), reason)


def decide(project: Project, review: Review, act: str, ids: Sequence[int], reason: str = "") -> None:
    """Keep or reject faces, keep the best of each picture, or undo; told above the grid, errors too."""
    try:
        faces = project.catalogue.faces(ids=list(ids)) if ids else []
        done: Change | None = None
        words = ""
        if act == "keep":
            done = faces_of.keep(project, faces)
        elif act == "reject":
            done = faces_of.reject(project, faces, reason)
        elif act == "best":
            done = keep_best_of_each(project, with_kept(project.catalogue, faces))
        elif act == "undo":
            words = take_back(project)[1]
        if done is not None:
            words = capital(said(done.action))
        review.message = words or _("Nothing to change.")
        review.picked -= set(ids)
    except WhoAmIError as error:
        review.problem = said(str(error))
    review.generation += 1


def _token(review: Review) -> str:
    return f"{review.token}-grid"


def _nothing() -> None:
    """The presses are read at the beginning of the run."""
