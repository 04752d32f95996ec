"""What the buttons and keys of the page do: each is one act, told in words, that undo takes back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.characters.naming import Answer, Session, answered
from core.workspace.project import Project
from core.workspace.tables import Change, Face
from ui.characters.desk import Desk, marker_of
from ui.common.errors import show_errors
from ui.common.from_core import said_sentence
from ui.common.language import _
from ui.common.state import flash
from ui.common.text import plain, sentence
from ui.common.undo import make_again, take_back, undone


def answer(project: Project, desk: Desk, said: Answer, words: str = "") -> None:
    """Write an answer and run the fragment again. words: what was done, where the catalogue does not tell."""
    before = desk.session
    assert before is not None, "an answer needs the question that it answers"
    with show_errors():
        after = answered(project, before, said)
        _went_on(project, desk, after)
        if after.change is not None:
            flash(plain(said_sentence(after.change.action)))
        else:
            put_aside(desk, before, words or _("Looked at later"))
        done(desk)


def put_aside(desk: Desk, before: Session, words: str) -> None:
    """Remember an act that only this tab knows, for undo."""
    desk.aside.append((desk.marker, before, words))
    tell(words)


def regroup(desk: Desk, groups: Sequence[Collection[int]], words: str) -> None:
    """Other groups in the session: these faces become one group each, and are in no other."""
    before = desk.session
    assert before is not None
    moved = {before.rows[face] for group in groups for face in group}
    rest = tuple(left for group in before.naming.groups if (left := tuple(i for i in group if i not in moved)))
    made = tuple(tuple(before.rows[face] for face in group) for group in groups if group)
    naming = replace(before.naming, groups=(*rest, *made), loose=before.naming.loose - moved)
    desk.session = replace(before, naming=naming, change=None)
    put_aside(desk, before, words)
    done(desk)


def edit(project: Project, desk: Desk, act: Callable[[], Change | None]) -> None:
    """Make an edit, say what it did, and run the fragment again."""
    with show_errors():
        change = act()
        if change:
            flash(plain(said_sentence(change.action)))
        else:
            tell(_("Nothing to change: that is so already"))
        done(desk)


def undo(project: Project, desk: Desk) -> None:
    """Take the last act back, whether the catalogue knows it or only this tab."""
    with show_errors():
        if desk.aside and desk.aside[-1][0] == marker_of(project.catalogue):
            desk.session, words = desk.aside.pop()[1:]
            desk.turn += 1
            tell(undone(words[:1].lower() + words[1:]))
            return
        tell(take_back(project)[1] or _("There is nothing to undo"))
        desk.turn += 1


def redo(project: Project, desk: Desk) -> None:
    """Make the last undone act again."""
    with show_errors():
        tell(make_again(project)[1] or _("There is nothing to redo"))
        desk.turn += 1


def tell(words: str) -> None:
    """Words for the next run."""
    flash(plain(sentence(words)))


def done(desk: Desk) -> None:
    """Fresh fields, nothing picked, and the fragment again."""
    desk.turn += 1
    for picks in desk.picked.values():
        picks.clear()
    again()


def again() -> None:
    """The fragment once more; the page, where this run was one of the whole page."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def faces_by_id(project: Project, ids: Collection[int]) -> list[Face]:
    """Faces in the order of their ids."""
    return project.catalogue.faces(ids=ids) if ids else []


def _went_on(project: Project, desk: Desk, session: Session) -> None:
    """The session after an answer is up to date by itself."""
    desk.session, desk.marker = session, marker_of(project.catalogue)
