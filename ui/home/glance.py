"""The last map and the last answers, small."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.visualise.map_settings import RESULT
from core.workspace.project import Project
from ui.common.grid import Tile, filling_grid
from ui.common.language import _
from ui.common.links import link
from ui.common.state import LastAnswer, state
from ui.common.text import ago, count
from ui.home.board import Draw
from ui.home.covers import SIDE

if TYPE_CHECKING:
    from core.visualise.last_map import LastMap

WIDTH, HEIGHT = 800, 560
"""Pixels of the map: about twice as wide as it is shown, so that it is sharp on fine screens."""
PAPER = {False: "#f3f6f9", True: "#1a2026"}
TITLES = {"pca": "PCA", "umap": "UMAP", "tsne": "t-SNE"}


def glances(project: Project) -> list[Draw]:
    """What draws each of the two that there is.

    What they need is imported when there is something to draw, so that the page of a new workspace comes sooner.
    """
    blocks: list[Draw] = []
    drawn = _last_map(project)
    if drawn is not None:
        blocks.append(partial(_map, drawn))
    answers = state().answered.get(str(project.workspace.root), ())
    if answers:
        blocks.append(partial(_answers, answers))
    return blocks


def _last_map(project: Project) -> LastMap | None:
    if not project.catalogue.results(RESULT):
        return None
    from core.visualise.last_map import last_map

    return last_map(project)


def _map(drawn: LastMap) -> None:
    from ui.common.charts import is_dark

    alt = _("{faces} as points, a colour for each character", faces=count(len(drawn.points), "face"))
    with st.container(key="home_map", gap="small"):
        st.header(_("The last map"))
        st.image(_picture(drawn.key, drawn, PAPER[is_dark()]), width="stretch", alt=alt)
        st.caption(
            _(
                "{method} of {faces}, {ago}",
                method=TITLES[drawn.method],
                faces=count(len(drawn.points), "face"),
                ago=ago(drawn.at),
            )
        )
        link("visualise", _("Look at the faces on it"))


def _answers(answers: tuple[LastAnswer, ...]) -> None:
    st.header(_("The last answers"))
    tiles = [Tile(number, one.picture, _words(one)) for number, one in enumerate(answers)]
    filling_grid(tiles, key="home_answers", side=SIDE)
    link("recognise", _("See why, or correct them"))


def _words(one: LastAnswer) -> str:
    """The name of a match, a guess with a question mark, or `unknown`."""
    from core.recognise.verdict import MATCH, UNSURE

    return {MATCH: one.character, UNSURE: f"{one.character}?"}.get(one.verdict, _(one.verdict))


@st.cache_data(show_spinner=False, max_entries=20)
def _picture(key: str, _drawn: LastMap, paper: str) -> bytes:
    from core.imaging.reading import encode_jpeg
    from core.visualise.last_map import draw_points

    return encode_jpeg(draw_points(_drawn.points, _drawn.colours, width=WIDTH, height=HEIGHT, paper=paper), 90)
