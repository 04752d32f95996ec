"""The characters as cards: who is there, how much of each, what would help; and what is done with several at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.characters.cards import CharacterCard, character_cards, looked_at
from core.workspace import cast
from core.workspace.project import Project
from core.workspace.tables import Change
from ui.characters.actions import edit
from ui.characters.desk import Desk, marker_of
from ui.characters.groups import paged
from ui.characters.sources import source_of
from ui.common.from_core import said
from ui.common.grid import thumb
from ui.common.language import N_, _
from ui.common.names import name_picker
from ui.common.text import count, plain

PAGE = 24
SIDE = 128
AT_HAND = """<style>
:has(> .st-key-characters_bar) { position: sticky; z-index: 99; bottom: 0; }
.st-key-characters_bar { padding: 0.5rem 0 0.75rem;
  background: light-dark(#ffffff, #0f1318); border-top: 1px solid light-dark(#d5dde5, #3a4653); }
</style>"""
"""What can be done with the picked cards stays in view, below them: no card moves when the first one is picked."""
VARIETY = N_("Variety tells how different a character's faces are from each other: 0% where all are the same.")


def cards_of(project: Project) -> list[CharacterCard]:
    """All cards with their numbers."""
    return character_cards(project)


def whole(project: Project, cards: Sequence[CharacterCard]) -> list[CharacterCard]:
    """The cards with all that is shown of them, made again whenever something was decided."""
    marker = (str(project.workspace.root), *marker_of(project.catalogue))
    return _whole((*marker, *(card.character.id for card in cards)), project, cards)


@st.cache_data(show_spinner=False, max_entries=10)
def _whole(key: tuple[object, ...], _project: Project, _cards: Sequence[CharacterCard]) -> list[CharacterCard]:
    return looked_at(_project, _cards)


def show_cards(project: Project, desk: Desk) -> None:
    """The cards, those with the most faces first."""
    cards = cards_of(project)
    st.header(_("Characters ({n:,})", n=len(cards)), anchor=False)
    if not cards:
        st.caption(_("Nobody yet. The first name that you give makes the first character."))
        return
    picks = desk.picks("characters")
    picks &= {card.character.id for card in cards}
    words = _("Open a character to rename it or to sort its faces; pick several to merge, label or delete them.")
    st.caption(f"{words} {_(VARIETY)}")
    shown = paged(cards, PAGE, key="characters_page")
    with st.container(horizontal=True, gap="small"):
        for card in whole(project, shown):
            _card(project, desk, card)
    if picks:
        st.html(AT_HAND)
        with st.container(key="characters_bar"):
            _bar(project, desk, [card for card in cards if card.character.id in picks])


def _card(project: Project, desk: Desk, card: CharacterCard) -> None:
    character = card.character
    with st.container(border=True, width=SIDE + 34, gap="xsmall"):
        data = thumb(source_of(project, card.cover), SIDE * 2) if card.cover is not None else None
        if data is not None:
            # a number as the width would have Streamlit draw it smaller each time
            st.image(data, width="stretch", alt=character.name)
        else:
            st.caption(f":material/person: {_('no face yet') if card.cover is None else _('cannot be read')}")
        key = f"pick_character_{character.id}_{desk.turn}"
        picked = character.id in desk.picks("characters")
        args = ("characters", character.id, key)
        st.checkbox(f"**{plain(character.name)}**", picked, key=key, on_change=desk.pick, args=args)
        st.caption(about(card))
        words = (":material/lightbulb: " if card.advice else "") + _("Open")
        help = said(card.advice) or None
        which = ("character", character.id)
        st.button(words, key=f"open_{character.id}", type="tertiary", on_click=desk.go, args=which, help=help)


def about(card: CharacterCard) -> str:
    """A card's figures in words."""
    parts = [plain(card.character.series)] if card.character.series else []
    parts.append(_unbroken(count(card.faces, "face")))
    if card.pictures:
        parts.append(_unbroken(count(card.pictures, "picture")))
    if card.spread is not None:
        parts.append(_unbroken(_("variety {share:.0%}", share=card.spread)))
    return " · ".join(parts)


def _unbroken(words: str) -> str:
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def _bar(project: Project, desk: Desk, picked: list[CharacterCard]) -> None:
    """What can be done with the picked characters, whichever page they are on."""
    st.caption(
        _(
            "{characters} picked: {names}",
            characters=count(len(picked), "character"),
            names=plain(", ".join(card.character.name for card in picked[:6])),
        )
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        into = name_picker(
            project, _("Merge into"), key=f"cs_into_{desk.turn}", width=190, first=[picked[0].character.name]
        )
        if into:
            edit(project, desk, lambda: merge_all(project, picked, into))
        series = st.text_input(
            _("Series of all of them"), key=f"cs_series_{desk.turn}", placeholder=_("Type it, press Enter"), width=155
        )
        if series:
            edit(project, desk, lambda: cast.set_series(project, [c.character for c in picked], series))
        with st.popover(_("Delete"), icon=":material/delete:"):
            delete_buttons(project, desk, picked)
        if st.button(_("Pick none"), key="cs_none", type="tertiary"):
            desk.picks("characters").clear()
            desk.turn += 1
            st.rerun()


def delete_buttons(project: Project, desk: Desk, cards: list[CharacterCard]) -> None:
    """The two ways to remove characters."""
    faces = count(sum(card.faces for card in cards), "face")
    if st.button(_("Delete, but keep {faces} unnamed", faces=faces), key="delete_release", width="stretch"):
        edit(project, desk, lambda: cast.remove_all(project, [c.character for c in cards], keep_faces=True))
    if st.button(_("Delete, and move {faces} to the bin", faces=faces), key="delete_bin", width="stretch"):
        edit(project, desk, lambda: cast.remove_all(project, [c.character for c in cards], keep_faces=False))
    st.caption(_("Undo brings them back, files included."))


def merge_all(project: Project, picked: list[CharacterCard], into: str) -> Change | None:
    """All picked characters become one, of a name that is known or new."""
    return cast.merge_all(project, [card.character for card in picked], into)
