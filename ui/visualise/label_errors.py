"""Suspicious faces as cards: the face beside the one that it looks like, and three answers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.similarity.label_errors import LabelError
from core.visualise.map_data import MapData
from core.workspace.confirmed import confirm_labels
from core.workspace.project import Project
from ui.common.face_actions import face_tile, reject_faces, relabel
from ui.common.grid import thumb
from ui.common.language import _, ngettext
from ui.common.names import name_picker
from ui.common.text import plain

PAGE = 12
SIDE = 104


def suspect_cards(project: Project, data: MapData, found: Sequence[LabelError]) -> None:
    """The suspects, worst first, twelve at a time."""
    if not found:
        st.success(_("No label is contradicted by its neighbours."), icon=":material/check_circle:")
        return
    more = st.session_state.setdefault("suspects_shown", PAGE)
    told = ngettext(
        "{n:,} face looks more like another character than its own.",
        "{n:,} faces look more like another character than their own, worst first.",
        len(found),
    )
    not_all = _(
        "Not all are wrong: a rare angle or a drawing like somebody else looks the same from here. Say so, and it is "
        "not asked again."
    )
    st.caption(f"{told} {not_all}")
    with st.container(horizontal=True, gap="small"):
        for suspect in found[:more]:
            _card(project, data, suspect)
    if more < len(found) and st.button(_("Show {n} more", n=min(PAGE, len(found) - more)), key="suspects_more"):
        st.session_state["suspects_shown"] = more + PAGE
        st.rerun()


def _card(project: Project, data: MapData, suspect: LabelError) -> None:
    face, like = data.faces[suspect.index], data.faces[suspect.nearest]
    with st.container(border=True, width=262, gap="small"):
        with st.container(horizontal=True, gap="small"):
            for one, words in (
                (face, _("labelled: {name}", name=suspect.label)),
                (like, _("looks like: {name}", name=suspect.looks_like)),
            ):
                with st.container(width=SIDE, gap=None):
                    picture = thumb(face_tile(project.workspace, one).source, SIDE * 2)
                    if picture is not None:
                        st.image(picture, width="stretch", alt=words)
                    st.caption(plain(words))
        st.progress(suspect.score, text=_("suspicion {score:.2f}", score=suspect.score))
        key = f"suspect_{face.id}"
        with st.container(horizontal=True, gap="small"):
            short = suspect.looks_like if len(suspect.looks_like) <= 12 else _("the other")
            help = _("Give this face to {name}.", name=plain(suspect.looks_like))
            if st.button(_("It is {name}", name=plain(short)), key=f"{key}_relabel", type="primary", help=help):
                relabel(project, [face], project.catalogue.character(suspect.looks_like))
            if st.button(
                "", key=f"{key}_right", icon=":material/check:", help=_("The label is right: do not ask again.")
            ):
                confirm_labels(project.catalogue, [face])
                st.rerun()
            with st.popover("", icon=":material/edit:", help=_("Somebody else: a name, known or new.")):
                name = name_picker(
                    project, _("This face is"), key=f"{key}_name_{face.revision}", first=[suspect.looks_like]
                )
                if name:
                    relabel(project, [face], name)
            if st.button("", key=f"{key}_reject", icon=":material/delete:", help=_("Reject this face.")):
                reject_faces(project, [face], "")
