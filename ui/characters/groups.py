"""Unnamed groups as cards, largest first: name one, or pick several to name, join or leave out together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

import cv2
import numpy as np
import streamlit as st

from core.characters.evidence import group_may_be, open_groups
from core.characters.naming import Answer, Session
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace.project import Project
from ui.characters.actions import answer, regroup
from ui.characters.desk import Desk, begin
from ui.characters.sources import source_of
from ui.common.focus import focus
from ui.common.grid import PAPER, thumb
from ui.common.language import _
from ui.common.names import name_picker
from ui.common.text import count, plain

Item = TypeVar("Item")

PAGE = 12
WIDTH = 196
STRIP = (3, 2)
"""Faces of a card, across and down."""
STEADY = """<style>
@media (min-width: 641px) { .st-key-groups_bar { min-height: 4.4rem; justify-content: flex-end; } }
</style>"""
"""What stands above the cards is as high with fields as without: the next card to be picked does not move."""


def group_cards(project: Project, desk: Desk, session: Session) -> None:
    """The groups that still have unnamed faces."""
    groups = [group for group in open_groups(session) if len(group) > 1]
    st.header(_("Who are these? ({n:,})", n=len(groups)), anchor=False)
    _granularity(project, desk)
    if not groups:
        st.caption(_("No unnamed faces look alike enough. Move the slider to the right, or see the single faces."))
        return
    picks = desk.picks("groups")
    picks &= {group[0] for group in groups}
    st.html(STEADY)
    with st.container(key="groups_bar"):
        _bar(project, desk, [group for group in groups if group[0] in picks])
    shown = paged(groups, PAGE, key="groups_page")
    with st.container(horizontal=True, gap="small"):
        for at, group in enumerate(shown):
            _card(project, desk, session, group, at)
    _go_on(desk, shown)


def _go_on(desk: Desk, shown: Sequence[tuple[int, ...]]) -> None:
    """After a name that was typed into a card, the keyboard is in the card that has taken its place."""
    turn, at = desk.named_at or (desk.turn - 1, 0)
    focus(_name_field(desk, shown[min(at, len(shown) - 1)]) if turn == desk.turn else "", key="groups_focus")


def _name_field(desk: Desk, group: tuple[int, ...]) -> str:
    return f"group_name_{group[0]}_{desk.turn}"


def paged(items: Sequence[Item], size: int, *, key: str) -> Sequence[Item]:
    """The items of the page that is turned to; what is on other pages is not drawn."""
    pages = -(-len(items) // size)
    if pages <= 1:
        return items
    at = min(st.pagination(pages, key=key), pages)
    return items[(at - 1) * size : at * size]


def _granularity(project: Project, desk: Desk) -> None:
    chosen = st.slider(
        _("Few sure groups — many large ones"),
        0.0,
        1.0,
        desk.granularity,
        0.05,
        key="granularity",
        width=320,
        help=_("To the left a group is more surely one character; to the right more faces are in a group."),
    )
    if chosen != desk.granularity:
        desk.granularity = chosen
        with st.spinner(_("Grouping …")):
            begin(project, desk)
        st.rerun()


def _bar(project: Project, desk: Desk, picked: list[tuple[int, ...]]) -> None:
    """What can be done with the picked groups, whichever page they are on."""
    if not picked:
        st.caption(_("Give a group a name, or pick several to name or join them."))
        return
    faces = [face for group in picked for face in group]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        name = name_picker(
            project,
            _("{groups} picked: their name", groups=count(len(picked), "group")),
            key=f"gs_{desk.turn}",
            width=240,
        )
        if name:
            answer(project, desk, Answer(named={name: faces}))
        if st.button(
            _("Join"), key="gs_join", disabled=len(picked) < 2, help=_("They are one character, not named yet.")
        ):
            regroup(desk, [faces], _("{groups} joined", groups=count(len(picked), "group")))
        if st.button(_("Not in my cast"), key="gs_ignore"):
            answer(project, desk, Answer(ignored=faces))
        if st.button(_("Pick none"), key="gs_none", type="tertiary"):
            desk.picks("groups").clear()
            desk.turn += 1
            st.rerun()


def _card(project: Project, desk: Desk, session: Session, group: tuple[int, ...], at: int) -> None:
    first = group[0]
    near, likely = group_may_be(session, group, 3)
    with st.container(border=True, width=WIDTH + 26, gap="small"):
        data = strip(project, group[: STRIP[0] * STRIP[1]])
        if data is not None:
            st.image(data, width="stretch", alt=_("{faces} that look alike", faces=count(len(group), "face")))
        else:
            st.caption(_("cannot be read"))
        with st.container(horizontal=True, gap="small", vertical_alignment="center", horizontal_alignment="distribute"):
            key = f"pick_group_{first}_{desk.turn}"
            picked = first in desk.picks("groups")
            st.checkbox(count(len(group), "face"), picked, key=key, on_change=desk.pick, args=("groups", first, key))
            st.button(_("Open"), key=f"open_group_{first}", type="tertiary", on_click=desk.go, args=("group", first))
        if likely and near:
            words = _("It is {name}", name=plain(near[0]))
            if st.button(words, key=f"is_{first}", width="stretch", type="primary"):
                answer(project, desk, Answer(named={near[0]: group}))
        name = name_picker(project, _("Name"), key=_name_field(desk, group), first=near, hidden=True)
        if name:
            desk.named_at = (desk.turn + 1, at)
            answer(project, desk, Answer(named={name: group}))


def strip(project: Project, ids: Sequence[int]) -> bytes | None:
    """A few faces as one picture, STRIP[0] across: one to load instead of six. None where none can be read."""
    faces = {face.id: face for face in project.catalogue.faces(ids=ids)}
    files = [thumb(source_of(project, faces[i]), 128) for i in ids if i in faces]
    readable = tuple(data for data in files if data is not None)
    return _joined(readable) if readable else None


@lru_cache(maxsize=1000)
def _joined(files: tuple[bytes, ...]) -> bytes:
    side, gap = 128, 4
    across, down = STRIP[0], max(1, -(-len(files) // STRIP[0])) if len(files) > STRIP[0] else 1
    sheet = np.full((down * (side + gap) - gap, across * (side + gap) - gap, 3), PAPER, np.uint8)
    opaque = np.zeros(sheet.shape[:2], np.uint8)
    for n, data in enumerate(files[: across * down]):
        y, x = n // across * (side + gap), n % across * (side + gap)
        small = cv2.resize(read_picture(data), (side, side), interpolation=cv2.INTER_AREA)
        sheet[y : y + side, x : x + side] = small
        opaque[y : y + side, x : x + side] = 255
    if len(files) < across * down:  # the page shows through where there is no face, be it light or dark
        return cv2.imencode(".png", np.dstack([sheet[..., ::-1], opaque]))[1].tobytes()
    return encode_jpeg(sheet, 85)
