"""Where the faces that were asked about fall on the map, once somebody wants to see it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.recognise.recogniser import Recogniser
from core.visualise.figure import QueryPoint, map_figure
from core.visualise.map_builder import ready_map
from core.visualise.map_data import MapData
from core.visualise.map_settings import MapSettings
from core.visualise.projection import transform
from core.workspace.project import Project
from ui.common.charts import chart_config, is_dark
from ui.common.errors import show_errors
from ui.common.language import _
from ui.recognise.asked import AskedPicture


def query_map(project: Project, recogniser: Recogniser, asked: Sequence[AskedPicture]) -> None:
    """The newest map of this encoder with a star for each face; nothing where there is no map, or no face."""
    faces = [(one.name, n, face) for one in asked for n, face in enumerate(one.faces, 1)]
    if not faces or not _maps(project, recogniser):
        return
    if not st.toggle(_("Where they fall on the map"), key="show_map", persist_state="session"):
        return
    with show_errors():
        drawn = _maps(project, recogniser)[0]
        points = transform(drawn.projection, drawn.embeddings, np.array([face.embedding for name, n, face in faces]))
        names = [_("{picture}, face {n}", picture=name, n=n) for name, n, face in faces]
        stars = [QueryPoint(point, words) for point, words in zip(points, names, strict=True)]
        order = [c.name for c in sorted(project.catalogue.characters(removed=True), key=lambda c: c.id)]
        figure = map_figure(drawn, order=order, query_points=stars, dark=is_dark(), height=480)
        st.plotly_chart(figure, key="query_map", config=chart_config(f"{project.name} answers on the map"))
        st.caption(_("A star lies among its nearest faces; the verdict is made by similarity, not by the map."))


def _maps(project: Project, recogniser: Recogniser) -> list[MapData]:
    found = (ready_map(project, recogniser.choice.path, MapSettings(method)) for method in ("umap", "pca"))
    return [drawn for drawn in found if drawn is not None]
