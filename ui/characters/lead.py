"""The app leads: one step after the other, each the one that is expected to name most faces per action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.characters.evidence import group_may_be
from core.characters.naming import Answer, Session
from core.similarity.questions import AskFace, ConfirmFaces, NameGroup
from core.workspace.project import Project
from ui.characters.actions import answer
from ui.characters.desk import Desk
from ui.characters.groups import paged
from ui.characters.question import ask, nothing_left
from ui.characters.sources import wall_faces
from ui.common.face_wall import Action, Mark, NameField, Sent, WallRow, face_wall
from ui.common.language import N_, _
from ui.common.text import count

SHOWN = 96
"""Faces of a group on a page; a larger group says that its name goes to those on the other pages as well."""
OUT = Mark(N_("somebody else"), "out")

GROUP = (
    Action("name", N_("Name {name}"), "Enter", primary=True, name=True),
    Action("ignore", N_("Not in my cast"), "-", help=N_("Nobody of this cast, or no face: never asked about again.")),
    Action("split", N_("Two characters"), "/", help=N_("Divide the group into the two halves that are least alike.")),
    Action("mixed", N_("Mixed"), ",", help=N_("More than two characters: ask about its faces one by one.")),
    Action("later", N_("Later"), ".", help=N_("Do not ask about this group again for now.")),
)
PAGE = (
    Action("confirm", N_("All others are right"), "Enter", primary=True, untouched=N_("All are right")),
    Action("later", N_("Not sure about any"), ".", help=N_("Do not ask about these faces again for now.")),
)


def lead(project: Project, desk: Desk, session: Session) -> None:
    """The step to do next."""
    step = session.next_step()
    if isinstance(step, NameGroup):
        _group(project, desk, session, step)
    elif isinstance(step, ConfirmFaces):
        _page(project, desk, step)
    elif isinstance(step, AskFace):
        ask(project, desk, step)
    else:
        nothing_left(project, desk, step)


def _group(project: Project, desk: Desk, session: Session, step: NameGroup) -> None:
    st.header(_("Who is this?"), anchor=False)
    st.caption(
        _(
            "{faces} that look alike. Click whoever does not belong, then give the name.",
            faces=count(len(step.faces), "face"),
        )
    )
    names = [character.name for character in project.catalogue.characters()]
    likely = group_may_be(session, step.faces)[1]
    picks = desk.picks("lead_group")
    picks &= set(step.faces)
    shown = paged(step.faces, SHOWN, key=f"lead_group_page_{desk.turn}")
    several = len(shown) < len(step.faces)

    def clicked(states: Mapping[int, int]) -> None:
        picks.difference_update(shown)
        picks.update(states)

    if several:
        st.caption(
            _(
                "This page has {faces} of {n:,}. Enter names all {n:,}, those on the other pages too; what you "
                "clicked there stays clicked.",
                faces=count(len(shown), "face"),
                n=len(step.faces),
            )
        )
    sent = face_wall(
        [WallRow(wall_faces(project, shown, (OUT,)))],
        group_actions(len(shown), len(step.faces)),
        key="lead_group",
        step=f"{desk.turn} {shown[0]}",
        field=NameField(names, step.candidates, likely, _("Name of this character")),
        states=dict.fromkeys(picks, 1),
        on_live=clicked if several else None,
    )
    if sent is not None:
        said, words = group_answer(step, sent, shown)
        answer(project, desk, said, words)


def group_actions(shown: int, faces: int) -> tuple[Action, ...]:
    """The buttons under a group of which so many faces are on the page."""
    if shown == faces:
        return GROUP
    label = _("Name all {n:,}: {name}", n=faces, name="{name}")  # the wall puts the name in
    every = replace(GROUP[0], label=label, help=N_("Those on the other pages too."))
    these = Action("these", _("Only these {n:,}", n=shown), name=True, help=N_("The others are shown next."))
    return (every, these, *GROUP[1:])


def group_answer(step: NameGroup, sent: Sent, shown: Sequence[int] = ()) -> tuple[Answer, str]:
    """What a person said about a group, and what it is called where the catalogue does not know it.

    shown: the faces of the page, for the name of these only.
    """
    faces = tuple(shown) if sent.action == "these" else step.faces
    out = [face for face in faces if face in sent.states]
    own = [face for face in faces if face not in sent.states]
    if sent.action in ("name", "these"):
        return Answer(named={sent.name: own}, wrong={sent.name: out} if out and own else {}), ""
    if sent.action == "ignore":
        return Answer(ignored=own, loose=out), ""
    if sent.action == "split":
        return Answer(split=own, loose=out), _("A group of {faces} divided in two", faces=count(len(own), "face"))
    if sent.action == "mixed":
        return Answer(loose=step.faces), _("A group of {faces} broken up", faces=count(len(step.faces), "face"))
    return Answer(skipped=step.faces), _("A group of {faces} left for later", faces=count(len(step.faces), "face"))


def _page(project: Project, desk: Desk, step: ConfirmFaces) -> None:
    st.header(_("Are these right?"), anchor=False)
    st.caption(
        _(
            "Click a wrong face to take it out, or say whose it is: ⋯ on the face. A click on a name takes out its "
            "whole row. Then confirm all the rest at once."
        )
    )
    rows = [
        WallRow(wall_faces(project, faces, {face: _marks(step, face) for face in faces}, name), name)
        for name, faces in step.rows
    ]
    sent = face_wall(rows, PAGE, key="lead_page", step=f"{desk.turn} page", side=88)
    if sent is not None:
        said, words = page_answer(step, sent)
        answer(project, desk, said, words)


def _marks(step: ConfirmFaces, face: int) -> tuple[Mark, ...]:
    others = (Mark(name, "other") for name in step.others.get(face, ()))
    return (*others, Mark(N_("not in my cast"), "ignore"), OUT)


def page_answer(step: ConfirmFaces, sent: Sent) -> tuple[Answer, str]:
    """What a person said about a page: a face in its n-th state has the n-th other name; in the next it is not in the
    cast, in the last it is only not the character that it was shown as."""
    named: dict[str, list[int]] = {}
    wrong: dict[str, list[int]] = {}
    ignored: list[int] = []
    every = [face for name, faces in step.rows for face in faces]
    if sent.action == "later":
        return Answer(skipped=every), _("{faces} left for later", faces=count(len(every), "face"))
    for name, faces in step.rows:
        for face in faces:
            state = sent.states.get(face, 0)
            others = step.others.get(face, ())
            if state:
                wrong.setdefault(name, []).append(face)
            if state == len(others) + 1:
                ignored.append(face)
            if state <= len(others):
                named.setdefault(name if state == 0 else others[state - 1], []).append(face)
    return Answer(named=named, wrong=wrong, ignored=ignored), ""
