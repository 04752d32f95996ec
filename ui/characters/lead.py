"""The app leads: one step after the other, each the one that is expected to name most faces per action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.characters.evidence import group_may_be
from core.characters.naming import Answer, Session
from core.similarity.questions import PAGE, ConfirmFaces, NameFaces, NameGroup
from core.workspace.project import Project
from ui.characters.actions import answer
from ui.characters.desk import Desk
from ui.characters.groups import paged
from ui.characters.question import nothing_left
from ui.characters.sources import wall_faces
from ui.common.face_wall import Action, Mark, NameField, Sent, WallRow, face_wall
from ui.common.language import N_, _
from ui.common.text import count

OUT = Mark(N_("somebody else"), "out")
NOBODY = Mark(N_("not in my cast"), "ignore")
NOT_SURE = Mark(N_("not sure"), "ignore")

GROUP = (
    Action("name", N_("Name {name}"), "Enter", primary=True, name=True),
    Action("ignore", N_("Not in my cast"), "-", help=N_("Nobody of this cast, or no face: never asked about again.")),
    Action("split", N_("Two characters"), "/", help=N_("Divide the group into the two halves that are least alike.")),
    Action("mixed", N_("Mixed"), ",", help=N_("More than two characters: ask about its faces one by one.")),
    Action("later", N_("Later"), ".", help=N_("Do not ask about this group again for now.")),
)
CONFIRM = (
    Action("confirm", N_("All others are right"), "Enter", primary=True, untouched=N_("All are right")),
    Action("later", N_("Not sure about any"), ".", help=N_("Do not ask about these faces again for now.")),
)
KNOWN = (
    Action("rest", N_("The others are not in my cast"), "Enter", primary=True, untouched=N_("None is in my cast")),
    Action("later", N_("Leave the others for later"), ".", untouched=N_("Leave all for later")),
)


def lead(project: Project, desk: Desk, session: Session) -> None:
    """The step to do next."""
    step = session.next_step()
    if isinstance(step, NameGroup):
        _group(project, desk, session, step)
    elif isinstance(step, ConfirmFaces):
        _page(project, desk, step)
    elif isinstance(step, NameFaces):
        _known(project, desk, step)
    else:
        nothing_left(project, desk, step)


def _group(project: Project, desk: Desk, session: Session, step: NameGroup) -> None:
    st.header(_("Who is this?"), anchor=False)
    several = len(step.faces) > PAGE
    faces = count(len(step.faces), "face")
    if several:  # there a face can only be taken out
        words = _("{faces} that look alike. Click whoever does not belong, then give the name.", faces=faces)
    else:
        words = _(
            "{faces} that look alike. Click whoever does not belong, or say whose the face is: ⋯ on it. Then give "
            "the name.",
            faces=faces,
        )
    st.caption(words)
    names = [character.name for character in project.catalogue.characters()]
    likely = group_may_be(session, step.faces)[1]
    picks = desk.picks("lead_group")
    picks &= set(step.faces)
    shown = paged(step.faces, PAGE, key=f"lead_group_page_{desk.turn}")

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
    # clicks on several pages are kept as clicked or not, so that there a face can only be taken out
    marks = {face: (OUT,) if several else _marks(step.others, face) for face in shown}
    sent = face_wall(
        [WallRow(wall_faces(project, shown, marks))],
        group_actions(len(shown), len(step.faces)),
        key="lead_group",
        step=f"{desk.turn} {shown[0]}",
        field=NameField(names, step.candidates, likely, _("Name of this character")),
        states=dict.fromkeys(picks, 1),
        on_live=clicked if several else None,
        names=None if several else names,
    )
    if sent is not None:
        if several:
            sent = replace(sent, states={face: len(step.others.get(face, ())) + 2 for face in sent.states})
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
    own = [face for face in faces if face not in sent.states]
    others = [face for face in faces if face in sent.states]
    named, ignored, out = _said_of(step.others, sent, others)
    if sent.action in ("name", "these"):
        named[sent.name] = [*own, *named.get(sent.name, ())]
        return Answer(named, {sent.name: others} if others and own else {}, ignored), ""
    if sent.action == "ignore":
        return Answer(named, ignored=[*own, *ignored], loose=out), ""
    if sent.action == "split":
        words = _("A group of {faces} divided in two", faces=count(len(own), "face"))
        return Answer(named, ignored=ignored, loose=out, split=own), words
    if sent.action == "mixed":
        words = _("A group of {faces} broken up", faces=count(len(step.faces), "face"))
        return Answer(named, ignored=ignored, loose=[*own, *out]), words
    words = _("A group of {faces} left for later", faces=count(len(step.faces), "face"))
    return Answer(named, ignored=ignored, skipped=[*own, *out]), words


def _page(project: Project, desk: Desk, step: ConfirmFaces) -> None:
    st.header(_("Are these right?"), anchor=False)
    st.caption(
        _(
            "Click a wrong face to take it out, or say whose it is: ⋯ on the face. A click on a name takes out its "
            "whole row. Then confirm all the rest at once."
        )
        + _pointing(),
        unsafe_allow_html=True,
    )
    rows = [
        WallRow(wall_faces(project, faces, {face: _marks(step.others, face) for face in faces}, name), name)
        for name, faces in step.rows
    ]
    sent = face_wall(rows, CONFIRM, key="lead_page", step=f"{desk.turn} page", side=88, names=_names(project))
    if sent is not None:
        said, words = page_answer(step, sent)
        answer(project, desk, said, words)


def page_answer(step: ConfirmFaces, sent: Sent) -> tuple[Answer, str]:
    """What a person said about a page. A face that was only clicked is not the character that it was shown as."""
    every = [face for name, faces in step.rows for face in faces]
    if sent.action == "later":
        return Answer(skipped=every), _("{faces} left for later", faces=count(len(every), "face"))
    named, ignored, _out = _said_of(step.others, sent, [face for face in every if face in sent.states])
    wrong: dict[str, list[int]] = {}
    for name, faces in step.rows:
        for face in faces:
            (wrong if face in sent.states else named).setdefault(name, []).append(face)
    return Answer(named=named, wrong=wrong, ignored=ignored), ""


def _known(project: Project, desk: Desk, step: NameFaces) -> None:
    st.header(_("Whom do you know here?"), anchor=False)
    st.caption(
        _(
            "{faces} that look like no character so far. Say whose a face is: ⋯ on it. Click whoever you are not "
            "sure about. Then set all the others aside at once.",
            faces=count(len(step.faces), "face"),
        )
        + _pointing(),
        unsafe_allow_html=True,
    )
    marks = {face: (*_marks(step.others, face)[:-1], NOT_SURE) for face in step.faces}
    rows = [WallRow(wall_faces(project, step.faces, marks))]
    sent = face_wall(rows, KNOWN, key="lead_known", step=f"{desk.turn} known", side=112, names=_names(project))
    if sent is not None:
        said, words = known_answer(step, sent)
        answer(project, desk, said, words)


def known_answer(step: NameFaces, sent: Sent) -> tuple[Answer, str]:
    """What a person said about faces for whom nobody was proposed. A face that was only clicked is left for later."""
    named, ignored, later = _said_of(step.others, sent, [face for face in step.faces if face in sent.states])
    rest = [face for face in step.faces if face not in sent.states]
    (ignored if sent.action == "rest" else later).extend(rest)
    return Answer(named, ignored=ignored, skipped=later), _("{faces} left for later", faces=count(len(later), "face"))


def _pointing() -> str:
    """How a pointer and a keyboard name a face, as HTML that a telephone does not show."""
    return f' <span class="for-keys">{_("Faster: point at a face and type its name.")}</span>'


def _names(project: Project) -> list[str]:
    return [character.name for character in project.catalogue.characters()]


def _marks(others: Mapping[int, Sequence[str]], face: int) -> tuple[Mark, ...]:
    return (*(Mark(name, "other") for name in others.get(face, ())), NOBODY, OUT)


def _said_of(
    others: Mapping[int, Sequence[str]], sent: Sent, faces: Sequence[int]
) -> tuple[dict[str, list[int]], list[int], list[int]]:
    """The faces that got a name, by name; those not in the cast; those only clicked.

    Marks are those of `_marks`: a face in its n-th state has the n-th other name, in the next it is not in the cast, in
    the last it was only clicked; beyond that its name was typed.
    """
    named: dict[str, list[int]] = {}
    ignored: list[int] = []
    out: list[int] = []
    for face in faces:
        state, names = sent.states[face], others.get(face, ())
        if face in sent.given:
            named.setdefault(sent.given[face], []).append(face)
        elif state <= len(names):
            named.setdefault(names[state - 1], []).append(face)
        else:
            (ignored if state == len(names) + 1 else out).append(face)
    return named, ignored, out
