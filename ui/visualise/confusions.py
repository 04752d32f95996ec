"""Confused pairs side by side: two characters, the faces that bring them together one above the other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.similarity.confusions import ConfusedPair
from core.visualise.map_data import MapData
from core.workspace.folders import Workspace
from ui.common.face_actions import face_tile
from ui.common.grid import thumb
from ui.common.language import _
from ui.common.text import plain

SIDE = 84


def confused_view(workspace: Workspace, data: MapData, pairs: Sequence[ConfusedPair]) -> None:
    """A bordered box for each pair, most mixed first."""
    if not pairs:
        st.info(_("There must be two characters before any can be confused."), icon=":material/info:")
        return
    st.caption(
        _("Characters whose faces lie among each other most. Below each pair, the faces of both that are nearest.")
    )
    with st.container(horizontal=True, gap="small"):
        for pair in pairs:
            with st.container(border=True, width=4 * SIDE + 100, gap="small"):
                st.markdown(_("**{one}** and **{other}**", one=plain(pair.first), other=plain(pair.second)))
                _row(workspace, data, pair.first_faces, pair.first)
                _row(workspace, data, pair.second_faces, pair.second)
                st.caption(
                    _(
                        "For {mixed:.1%} of their faces the nearest face is the other's. Overall similarity "
                        "{similarity:.2f}.",
                        mixed=pair.mixed,
                        similarity=pair.similarity,
                    )
                )


def _row(workspace: Workspace, data: MapData, indices: Sequence[int], name: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for index in indices:
            picture = thumb(face_tile(workspace, data.faces[index]).source, SIDE)
            if picture is not None:
                st.image(picture, width=SIDE, alt=name)
