"""One group opened: all its faces, to name them, pull some out, divide it, or leave it out of the cast."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.characters.evidence import group_may_be, open_groups
from core.characters.naming import Answer, Session
from core.workspace import faces as faces_of
from core.workspace.project import Project
from ui.characters.actions import answer, edit, faces_by_id
from ui.characters.desk import Desk
from ui.characters.groups import paged
from ui.characters.sources import wall_faces
from ui.common.face_wall import Action, Mark, NameField, WallRow, face_wall
from ui.common.language import N_, _
from ui.common.text import count

PAGE = 60
PICKED = Mark(N_("picked"))

ACTIONS = (
    Action(
        "name",
        N_("Name {name}"),
        "Enter",
        primary=True,
        name=True,
        help=N_("The picked faces, or all if none is picked."),
    ),
    Action("out", N_("Pull out {n}"), "/", picks=True, help=N_("These are not like the others.")),
    Action("ignore", N_("Not in my cast {n}"), "-", help=N_("The picked faces, or all if none is picked.")),
    Action("reject", N_("No face {n}"), picks=True, help=N_("Reject the picked ones: they go to the bin.")),
    Action("split", N_("Two characters"), help=N_("Divide the group into the two halves that are least alike.")),
)
REST = tuple(action for action in ACTIONS if action.id in ("name", "ignore", "reject"))


def open_group(project: Project, desk: Desk, session: Session, first: int) -> None:
    """The group whose first face that is; where it is gone by now, back to all."""
    group = next((group for group in open_groups(session) if first in group), None)
    st.button(_("All groups"), icon=":material/arrow_back:", key="back", on_click=desk.close)
    if group is None:
        st.success(_("This group is done."), icon=":material/check_circle:")
        return
    st.header(_("{faces} that look alike", faces=count(len(group), "face")), anchor=False)
    pick_wall(project, desk, session, group, ACTIONS, key="group")


def single_faces(project: Project, desk: Desk, session: Session) -> None:
    """The unnamed faces that are in no group."""
    inside = {face for group in open_groups(session) if len(group) > 1 for face in group}
    odd = {session.faces[i] for i in session.naming.non_faces}
    rest = [session.faces[i] for i in session.naming.unnamed]
    alone = [face for face in rest if face not in inside and face not in odd]
    strange = [face for face in rest if face not in inside and face in odd]
    if alone:
        with st.expander(
            _("Single faces ({n:,})", n=len(alone)), icon=":material/person:", key="singles", on_change="rerun"
        ) as shown:
            if shown.open:
                pick_wall(project, desk, session, alone, REST, key="alone")
    if strange:
        title = _("Probably no faces ({n:,})", n=len(strange))
        with st.expander(title, icon=":material/hide_image:", key="strange", on_change="rerun") as shown:
            if shown.open:
                if st.button(_("Reject all {n:,}", n=len(strange)), key="reject_strange"):
                    faces = faces_by_id(project, strange)
                    edit(project, desk, lambda: faces_of.reject(project, faces, "not a face"))
                pick_wall(project, desk, session, strange, REST, key="strange_wall")


def pick_wall(
    project: Project,
    desk: Desk,
    session: Session,
    ids: list[int] | tuple[int, ...],
    actions: tuple[Action, ...],
    *,
    key: str,
) -> None:
    """Faces to pick over several pages, and what to do with the picked ones; with all, where none is picked."""
    picks = desk.picks(key)
    picks &= set(ids)
    shown = paged(ids, PAGE, key=f"{key}_page_{desk.open}")
    near, likely = group_may_be(session, ids) if actions is ACTIONS else ([], False)

    def clicked(states: Mapping[int, int]) -> None:
        picks.difference_update(shown)
        picks.update(states)

    st.caption(about_picks(len(picks), len(ids)))
    names = [character.name for character in project.catalogue.characters()]
    sent = face_wall(
        [WallRow(wall_faces(project, shown, (PICKED,)))],
        actions,
        key=f"{key}_wall",
        step=f"{desk.turn} {shown[0]}",
        field=NameField(names, near, likely, _("Name of the picked faces, or of all if none is picked")),
        states=dict.fromkeys(picks, 1),
        on_live=clicked,
        focus=False,
    )
    if sent is None:
        return
    chosen = [face for face in ids if face in picks or face in sent.states]
    about = chosen or list(ids)
    opened = desk.open
    if opened is not None and sent.action != "split":
        desk.left_of(ids, about)
    if sent.action == "name":
        answer(project, desk, Answer(named={sent.name: about}))
    elif sent.action == "ignore":
        answer(project, desk, Answer(ignored=about))
    elif sent.action == "out":
        answer(
            project, desk, Answer(loose=chosen), _("{faces} pulled out of a group", faces=count(len(chosen), "face"))
        )
    elif sent.action == "split":
        answer(
            project, desk, Answer(split=about), _("A group of {faces} divided in two", faces=count(len(about), "face"))
        )
    else:
        faces = faces_by_id(project, chosen)
        edit(project, desk, lambda: faces_of.reject(project, faces, "not a face"))
    desk.open = opened  # an act that went well has begun a new run by now


def about_picks(picked: int, every: int) -> str:
    """What a name would go to now."""
    if not picked:
        return _(
            "Nothing picked: a name goes to all {n:,}. Click the faces that it should go to; Shift picks a range.",
            n=every,
        )
    return _("{n:,} of {faces} picked: a name goes to these only.", n=picked, faces=count(every, "face"))
