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
from ui.common.from_core import said as in_words
from ui.common.grid import thumb
from ui.common.language import _
from ui.common.links import lead_to
from ui.common.names import name_picker
from ui.common.text import count, plain

SIDE, NEAR = 208, 100
AT_HAND = """<style>
@media (max-width: 640px) {
  .st-key-question_answers { position: fixed; z-index: 100; left: 0; right: 0; bottom: 0; padding: 0.5rem 1rem;
    background: light-dark(#ffffff, #0f1318); border-top: 1px solid light-dark(#d5dde5, #3a4653); }
}
</style>"""
"""On a telephone the answers stay at the bottom of the screen, under the thumb, as Crop's do."""
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
        st.info(_("This face is no longer there. The next one follows."), icon=":material/autorenew:")
        return
    name = step.candidates[0] if step.candidates else ""
    st.header(_("Is this {name}?", name=plain(name)) if name else _("Who is this?"), anchor=False)
    words = [_("{questions} answered", questions=count(desk.asked, "question"))] if desk.asked else []
    words.append(_("{faces} without a name", faces=count(desk.session.unnamed if desk.session else 0, "face")))
    st.caption(" · ".join(words))
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=SIDE, gap=None, key=f"asked_{step.face}"):
            _picture(project, step.face, SIDE, _("the face asked about"))
            st.caption(f"**{_('this face')}**")
        if name and desk.session is not None:
            _nearest(project, desk.session, step.face, name)
    _answers(project, desk, step, name)


def _nearest(project: Project, session: Session, face: int, name: str) -> None:
    near = nearest_named(session, face, name)
    with st.container(width=2 * NEAR + 24, gap=None), st.container(horizontal=True, gap="small"):
        for other, _similarity in near:
            with st.container(width=NEAR, gap=None):
                _picture(project, other, NEAR, name)
        if near:
            st.caption(_("**{name}**, similarity up to {similarity:.2f}", name=plain(name), similarity=near[0][1]))


def _picture(project: Project, face_id: int, side: int, alt: str) -> None:
    found = project.catalogue.faces(ids=[face_id])
    data = thumb(source_of(project, found[0]), side * 2) if found else None
    if data is None:
        st.caption(_("cannot be read"))
    else:
        st.image(data, width=side, alt=alt)


def _answers(project: Project, desk: Desk, step: AskFace, name: str) -> None:
    """Buttons that belong to this question: one pressed while the next is on its way must not answer that."""
    face = step.face
    st.html(AT_HAND)
    with st.container(horizontal=True, gap="small", key="question_answers"):
        if name:
            _button(_("Yes"), f"q_yes_{face}", YES, project, desk, Answer(named={name: [face]}), primary=True)
            _button(_("No"), f"q_no_{face}", NO, project, desk, Answer(wrong={name: [face]}))
        _button(_("Later"), f"q_later_{face}", LATER, project, desk, Answer(skipped=[face]))
        nobody = _("Nobody of this cast, or no face: never asked about again.")
        _button(_("Not in my cast"), f"q_nobody_{face}", NOBODY, project, desk, Answer(ignored=[face]), help=nobody)
    others = step.candidates[1:]
    if others:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption(_("or it is"), width="content")
            for key, other in enumerate(others, 2):
                said = Answer(named={other: [face]}, wrong={name: [face]})
                _button(plain(other), f"q_other_{face}_{key}", str(key), project, desk, said)
    somebody = name_picker(
        project,
        _("Somebody else") if name else _("Name"),
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
        answer(project, desk, said, _("A face left for later"))


def nothing_left(project: Project, desk: Desk, step: Finished) -> None:
    """It says so when further answers would change nothing, and where to go from here."""
    st.success(plain(in_words(step.reason)), icon=":material/check_circle:")
    if step.unnamed:
        st.caption(
            _("{faces} without a name. They stay as they are; nothing is lost.", faces=count(step.unnamed, "face"))
        )
        with st.container(horizontal=True, gap="small"):
            st.button(_("Look at them"), key="look_at_rest", on_click=_everyone)
            st.button(_("Ask again about what was left for later"), key="ask_again", on_click=_forget, args=(desk,))
    lead_to("balance")


def _everyone() -> None:
    st.session_state["characters_view"] = "Everyone"


def _forget(desk: Desk) -> None:
    desk.session = None
