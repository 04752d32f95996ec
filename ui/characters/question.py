"""Is this X? One face beside the nearest faces of the character: yes, no, somebody else, later, by one key each."""

from __future__ import annotations

import streamlit as st

from core.characters.evidence import nearest_named
from core.characters.naming import Answer, Session
from core.similarity.questions import AskFace, Finished
from core.workspace.project import Project
from ui.characters.actions import answer
from ui.characters.desk import Desk
from ui.characters.sources import source_of
from ui.common.grid import thumb
from ui.common.links import link
from ui.common.names import name_picker
from ui.common.text import count, plain

SIDE, NEAR = 208, 100
YES, NO, LATER, NOBODY = "Y", "N", "L", "X"


def questions(project: Project, desk: Desk, session: Session) -> None:
    """The most telling question first, until further answers would change nothing."""
    step = session.next_question()
    if isinstance(step, Finished):
        nothing_left(project, desk, step)
        return
    ask(project, desk, step)


def ask(project: Project, desk: Desk, step: AskFace) -> None:
    """One face. Without a candidate: who is it?"""
    found = project.catalogue.faces(ids=[step.face])
    if not found:
        st.info("This face is gone. The next one follows.", icon=":material/autorenew:")
        return
    name = step.candidates[0] if step.candidates else ""
    st.header(f"Is this {plain(name)}?" if name else "Who is this?", anchor=False)
    asked = f"{count(desk.asked, 'question')} answered · " if desk.asked else ""
    left = count(desk.session.unnamed if desk.session else 0, "face")
    st.caption(f"{asked}{left} without a name")
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=SIDE, gap=None, key=f"asked_{step.face}"):
            _picture(project, step.face, SIDE, "the face asked about")
            st.caption("**this face**")
        if name and desk.session is not None:
            _nearest(project, desk.session, step.face, name)
    _answers(project, desk, step, name)


def _nearest(project: Project, session: Session, face: int, name: str) -> None:
    near = nearest_named(session, face, name)
    with st.container(width=2 * NEAR + 24, gap=None), st.container(horizontal=True, gap="small"):
        for other, _ in near:
            with st.container(width=NEAR, gap=None):
                _picture(project, other, NEAR, name)
        if near:
            st.caption(f"**{plain(name)}**, similarity up to {near[0][1]:.2f}")


def _picture(project: Project, face_id: int, side: int, alt: str) -> None:
    found = project.catalogue.faces(ids=[face_id])
    data = thumb(source_of(project, found[0]), side * 2) if found else None
    if data is None:
        st.caption("cannot be read")
    else:
        st.image(data, width=side, alt=alt)


def _answers(project: Project, desk: Desk, step: AskFace, name: str) -> None:
    face = step.face
    with st.container(horizontal=True, gap="small", key="question_answers"):
        if name:
            _button("Yes", "q_yes", YES, project, desk, Answer(named={name: [face]}), primary=True)
            _button("No", "q_no", NO, project, desk, Answer(wrong={name: [face]}))
        _button("Later", "q_later", LATER, project, desk, Answer(skipped=[face]))
        nobody = "Nobody of this cast, or no face: never asked about again."
        _button("Not in my cast", "q_nobody", NOBODY, project, desk, Answer(ignored=[face]), help=nobody)
    others = step.candidates[1:]
    if others:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption("or it is", width="content")
            for key, other in enumerate(others, 2):
                said = Answer(named={other: [face]}, wrong={name: [face]})
                _button(plain(other), f"q_other_{key}", str(key), project, desk, said)
    somebody = name_picker(
        project,
        "Somebody else" if name else "Name",
        key=f"q_name_{desk.turn}_{face}",
        first=step.candidates,
        width=280,
    )
    if somebody:
        desk.asked += 1
        answer(
            project, desk, Answer(named={somebody: [face]}, wrong={name: [face]} if name not in ("", somebody) else {})
        )


def _button(
    label: str,
    key: str,
    shortcut: str,
    project: Project,
    desk: Desk,
    said: Answer,
    *,
    primary: bool = False,
    help: str = "",
) -> None:
    pressed = st.button(
        label, key=key, shortcut=shortcut, type="primary" if primary else "secondary", help=help or None
    )
    if pressed:
        desk.asked += 1
        answer(project, desk, said, "A face left for later")


def nothing_left(project: Project, desk: Desk, step: Finished) -> None:
    """It says so when further answers would change nothing, and where to go from here."""
    st.success(plain(step.reason), icon=":material/check_circle:")
    if step.unnamed:
        st.caption(f"{count(step.unnamed, 'face')} without a name. They stay as they are; nothing is lost.")
        with st.container(horizontal=True, gap="small"):
            st.button("Look at them", key="look_at_rest", on_click=_everyone)
            st.button("Ask again about what was left for later", key="ask_again", on_click=_forget, args=(desk,))
    link("balance", "On to Balance")


def _everyone() -> None:
    st.session_state["characters_view"] = "Everyone"


def _forget(desk: Desk) -> None:
    desk.session = None
