"""What a tab remembers of naming: who is near whom, what is open, what is picked, and what undo takes back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.characters.heap import faces_to_embed, unnamed_ids
from core.characters.naming import Session, refreshed, start_naming
from core.characters.non_faces import non_faces_ready
from core.characters.values import GRANULARITY
from core.workspace.catalogue import Catalogue
from core.workspace.models import encoder_in_use
from core.workspace.overview import unnamed
from core.workspace.project import Project

AT_ONCE = 64
"""Faces that are embedded while the page waits; more are embedded in a job."""
DRAWN = 720
"""What drawing and embedding the crops without a face and embedding the drawn strangers cost, in faces."""


@dataclass
class Desk:
    """One tab's naming of one workspace.

    session: None until the faces were grouped. marker: what had been decided when it was last brought up to date.
    open: the group (its first id) or the character whose faces are shown, ("group", 17). picked: ids of faces, or of
    characters and groups, by where they were picked; they outlive paging. aside: acts that the catalogue does not know
    (skipped, pulled out, split), newest last: the marker then, the session before, what was done. asked: questions
    answered. turn: counted up by each act, so that every field starts empty. named_at: in which turn a card of a group
    was the last one to be named, and which of its page it was: the keyboard goes on from there.
    """

    granularity: float = GRANULARITY
    session: Session | None = None
    marker: Any = None
    open: tuple[str, int] | None = None
    picked: dict[str, set[int]] = field(default_factory=dict)
    aside: list[tuple[Any, Session, str]] = field(default_factory=list)
    asked: int = 0
    turn: int = 0
    named_at: tuple[int, int] | None = None

    def picks(self, where: str) -> set[int]:
        """What is picked there, to be changed in place."""
        return self.picked.setdefault(where, set())

    def pick(self, where: str, number: int, box: str) -> None:
        """Picked or not, as the checkbox of that key says."""
        if box in st.session_state:  # else its page was left meanwhile
            (self.picks(where).add if st.session_state[box] else self.picks(where).discard)(number)

    def go(self, kind: str, number: int) -> None:
        """Open a group or a character."""
        self.open = (kind, number)
        self.picks("faces").clear()

    def left_of(self, group: Collection[int], taken: Collection[int]) -> None:
        """Faces were taken out of the open group: the others stay open, and all groups are shown where none is left."""
        self.open = next((("group", face) for face in group if face not in taken), None)

    def close(self) -> None:
        """Back to all of them."""
        self.open = None


def desk_of(project: Project) -> Desk:
    """This tab's desk for the workspace."""
    key = f"naming_of_{project.workspace.name}"
    if key not in st.session_state:
        st.session_state[key] = Desk()
    mine: Desk = st.session_state[key]
    return mine


def marker_of(catalogue: Catalogue) -> tuple[Any, ...]:
    """Changes with every decision, undo and redo, in whichever tab or program it was made."""
    ends = (catalogue.next_undo(), catalogue.next_redo())
    return (catalogue.last_change(), *(change.id if change else 0 for change in ends))


def up_to_date(project: Project, desk: Desk) -> Session | None:
    """The session with what was decided since; None where faces have to be grouped first (`begin`)."""
    marker = marker_of(project.catalogue)
    if desk.session is not None and marker != desk.marker:
        session = refreshed(project, desk.session)
        waiting = unnamed_ids(project.catalogue)
        desk.session = session if waiting <= session.rows.keys() else None
        desk.marker = marker
    return desk.session


def must_wait(project: Project) -> int:
    """Faces to be embedded first, where they are too many to wait for; drawn crops count too, the first time.

    Without unnamed faces there is nothing to group, and these are not needed.
    """
    n = faces_to_embed(project)
    if not non_faces_ready(project.workspace, encoder_in_use(project).path) and unnamed(project.catalogue):
        n += DRAWN
    return n if n > AT_ONCE else 0


def begin(project: Project, desk: Desk) -> Session:
    """Group the unnamed faces; skipped and pulled-out ones are asked about again."""
    desk.session = start_naming(project, desk.granularity)
    desk.marker = marker_of(project.catalogue)
    desk.aside.clear()
    return desk.session
