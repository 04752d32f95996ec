"""Characters: who are these? Unnamed faces get names, and the cast is put in order."""

from __future__ import annotations

import streamlit as st

from core.workspace.project import Project
from ui.characters.cards import show_cards
from ui.characters.character import open_character
from ui.characters.desk import Desk, desk_of, up_to_date
from ui.characters.group import open_group, single_faces
from ui.characters.groups import group_cards
from ui.characters.head import VIEWS, head
from ui.characters.lead import lead
from ui.characters.question import questions
from ui.characters.start import nothing_here, session_or_wait
from ui.common.header import open_page
from ui.common.language import _

project = open_page(_("Characters"), "characters", intro=_("Give every face its name, and put the cast in order."))
nothing_here(project)
desk = desk_of(project)
session_or_wait(project, desk)


@st.fragment
def desk_view(project: Project, desk: Desk) -> None:
    """What is chosen above; a key or click runs this and nothing else of the page."""
    session = up_to_date(project, desk)
    if session is None:
        st.rerun()
    view = head(project, desk, session)
    if desk.open is not None:
        kind, number = desk.open
        if kind == "group":
            open_group(project, desk, session, number)
        else:
            open_character(project, desk, number)
    elif view == VIEWS[0]:
        lead(project, desk, session)
    elif view == VIEWS[2]:
        questions(project, desk, session)
    else:
        both = session.unnamed > 0
        left, right = st.columns([3, 2], gap="medium") if both else (None, st.container())
        if left is not None:
            with left:
                group_cards(project, desk, session)
                single_faces(project, desk, session)
        with right:
            show_cards(project, desk)


desk_view(project, desk)
