"""One character opened: its name and series, and its faces, to give some away, split it by looks, choose a cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.characters.looks import faces_of as own_faces
from core.characters.looks import looks
from core.errors import CatalogueError
from core.workspace import cast, characters
from core.workspace import faces as faces_of
from core.workspace.project import Project
from core.workspace.tables import Character
from ui.characters.actions import edit, faces_by_id
from ui.characters.cards import VARIETY, about, cards_of, delete_buttons, whole
from ui.characters.desk import Desk
from ui.characters.groups import paged
from ui.characters.sources import wall_faces
from ui.common.errors import show_errors
from ui.common.face_wall import Action, Mark, NameField, Sent, WallFace, WallRow, face_wall
from ui.common.from_core import said
from ui.common.language import N_, _
from ui.common.names import name_picker
from ui.common.text import count, plain

PAGE = 60
ROW = 24
"""Faces of a look that are drawn."""

ACTIONS = (
    Action(
        "name",
        N_("They are {name}"),
        "Enter",
        primary=True,
        name=True,
        picks=True,
        help=N_("The picked faces get that name."),
    ),
    Action("unname", N_("Take the name away {n}"), "/", picks=True, help=N_("They are grouped again.")),
    Action("ignore", N_("Not in my cast {n}"), "-", picks=True),
    Action("reject", N_("Reject {n}"), picks=True, help=N_("To the bin: not a face, or not useful.")),
    Action("cover", N_("Use as cover"), picks=True, help=N_("The first picked face stands for the character.")),
)


def open_character(project: Project, desk: Desk, character_id: int) -> None:
    """The character; where it is gone by now, back to all."""
    st.button(_("All characters"), icon=":material/arrow_back:", key="back", on_click=desk.close)
    card = next(iter(whole(project, [one for one in cards_of(project) if one.character.id == character_id])), None)
    if card is None:
        st.info(_("This character was removed. Undo brings it back."), icon=":material/person_off:")
        return
    character = card.character
    st.header(plain(character.name), anchor=False)
    st.caption(about(card), help=_(VARIETY) if card.spread is not None else None)
    if card.advice:
        st.info(plain(said(card.advice)), icon=":material/lightbulb:")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        name = st.text_input(
            _("Name"), character.name, key=f"rename_{character.id}_{character.name}_{desk.turn}", width=220
        )
        if name and name != character.name:
            edit(project, desk, lambda: characters.rename(project, character, name))
        series = st.text_input(
            _("Series"), character.series, key=f"series_{character.id}_{character.series}_{desk.turn}", width=200
        )
        if series != character.series:
            words = f"{character.name} is from {series}" if series else f"{character.name} is from no series"
            edit(project, desk, lambda: characters.set_values(project, character, words, series=series))
        into = name_picker(
            project,
            _("Merge into"),
            key=f"into_{desk.turn}",
            without=(character.name,),
            width=200,
            placeholder=_("Choose a character"),
        )
        if into:
            desk.close()
            edit(project, desk, lambda: cast.merge_all(project, [character], into))
        with st.popover(_("Delete"), icon=":material/delete:"):
            delete_buttons(project, desk, [card])
    _faces(project, desk, character)


def _faces(project: Project, desk: Desk, character: Character) -> None:
    by_look = st.toggle(
        _("Group by looks"), key="by_look", help=_("Faces that look alike in one row: a click on its title picks it.")
    )
    if by_look:
        groups = looks(project, character)
        shown = [face.id for group in groups for face in group]
        rows = [
            WallRow(
                wall_faces(project, [face.id for face in group], (Mark(N_("picked")),)),
                _("Look {n}: {faces}", n=n, faces=count(len(group), "face")),
            )
            for n, group in enumerate(groups, 1)
        ]
    else:
        everyone = [face.id for face in own_faces(project, character)]
        shown = list(paged(everyone, PAGE, key=f"own_page_{character.id}"))
        rows = [WallRow(_picks(project, shown))]
    if not shown:
        st.caption(_("No face yet."))
        return
    picks = desk.picks("faces")

    def clicked(states: Mapping[int, int]) -> None:
        picks.difference_update(shown)
        picks.update(states)

    names = [c.name for c in project.catalogue.characters() if c.id != character.id]
    sent = face_wall(
        rows,
        ACTIONS,
        key="own_wall",
        step=f"{desk.turn} {by_look} {shown[0]}",
        field=NameField(names, (), False, _("Whose the picked faces are"), _("Pick faces, then type a name")),
        states=dict.fromkeys(picks, 1),
        on_live=clicked,
        focus=False,
    )
    if sent is not None:
        with show_errors():
            _act(project, desk, character, sent, picks | set(sent.states))


def _picks(project: Project, ids: Sequence[int]) -> list[WallFace]:
    return wall_faces(project, ids, (Mark(N_("picked")),))


def _act(project: Project, desk: Desk, character: Character, sent: Sent, picked: set[int]) -> None:
    faces = [face for face in faces_by_id(project, picked) if face.character_id == character.id]
    if not faces:
        raise CatalogueError(_("None of the picked faces is one of {name} any more. Look again.", name=character.name))
    if sent.action == "name":
        edit(project, desk, lambda: characters.split(project, character, faces, sent.name))
    elif sent.action == "unname":
        edit(project, desk, lambda: characters.unname(project, faces))
    elif sent.action == "ignore":
        edit(project, desk, lambda: characters.ignore(project, faces))
    elif sent.action == "reject":
        edit(project, desk, lambda: faces_of.reject(project, faces))
    else:
        first = next(iter(sent.states), faces[0].id)
        words = f"another cover for {character.name}"
        edit(project, desk, lambda: characters.set_values(project, character, words, cover=first))
