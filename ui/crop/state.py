"""What a tab remembers of its review: the queue as it was made, the picture shown, and what is shown of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import streamlit as st

from core.crop.queue import Filter, neighbour, queue_order
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.tables import Face
from ui.common.language import _


@dataclass
class Review:
    """One tab's place in the queue.

    ids: the queue when it was made; it does not change under the person's hands. at: the picture shown.
    generation: counted up with each decision, so that fields beside the picture show what is true now. faces: as they
    were shown. active: the face whose crop is shown. redraw: the next drawn box replaces it. made_after: the finished
    job that the queue has in it. token: names this review to the browser. acknowledged: serial number of the last press
    that was done. mine: face id -> its revision after this tab's last decision about it. drawings: boxes drawn so far.
    urls: picture id -> where the browser gets it, until the whole page runs again.
    picked: faces ticked in the grid, on all its pages; grid_acknowledged: of the presses there.
    """

    ids: list[int] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    filter: Filter = field(default_factory=Filter)
    odd: frozenset[int] = frozenset()
    at: int | None = None
    generation: int = 0
    active: int | None = None
    zoom: bool = False
    redraw: bool = False
    message: str = ""
    problem: str = ""
    faces: list[Face] = field(default_factory=list)
    made_after: str = ""
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    acknowledged: int = 0
    mine: dict[int, int] = field(default_factory=dict)
    drawings: int = 0
    urls: dict[int, str] = field(default_factory=dict)
    picked: set[int] = field(default_factory=set)
    grid_acknowledged: int = 0

    @property
    def place(self) -> int:
        """1 for the first picture; 0 where there is none."""
        return self.ids.index(self.at) + 1 if self.at in self.ids else 0

    def rebuild(self, catalogue: Catalogue) -> None:
        """Make the queue anew from its filter; the picture shown stays where it is still in it."""
        self.reasons = queue_order(catalogue, self.filter, odd=self.odd)
        self.ids = list(self.reasons)
        if self.at not in self.reasons:
            self.go(self.ids[0] if self.ids else None)

    def go(self, picture_id: int | None) -> None:
        """Show a picture; one that is not in the queue (an undo leads there) is put in at this place."""
        if picture_id is not None and picture_id not in self.reasons:
            self.ids.insert(max(self.place - 1, 0), picture_id)
            self.reasons[picture_id] = ""
        self.at, self.active, self.zoom, self.redraw = picture_id, None, False, False
        self.generation += 1

    def step(self, by: int) -> None:
        """The next or an earlier picture."""
        there = neighbour(self.ids, self.at, by)
        if there == self.at:
            self.message = _("That was the last one.") if by > 0 else _("That is the first one.")
            self.generation += 1
            return
        self.go(there)


def review_of(project: Project) -> Review:
    """This tab's review of the workspace, its queue made on first use."""
    key = f"review_of_{project.workspace.name}"
    if key not in st.session_state:
        review = Review()
        review.rebuild(project.catalogue)
        st.session_state[key] = review
    mine: Review = st.session_state[key]
    return mine
