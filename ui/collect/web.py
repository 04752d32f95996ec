"""Pictures searched for on the web: which sites, in which order, which ratings, and for whom."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.collect.characters import Need
from core.collect.config import CollectConfig
from core.collect.source import NETWORK, added_names, card
from core.commands import collect as collect_command
from core.workspace.project import Project
from ui.collect.unnamed import nobody_yet
from ui.common.from_core import said
from ui.common.jobs import start_button
from ui.common.language import _
from ui.common.next import is_due
from ui.common.text import count, plain

SEARCHES = tuple(name for name in NETWORK if name != "urls")
SAFE_ONLY = ("safebooru",)
"""Sites that have nothing but safe pictures: no rating is to be chosen."""


def web_search(project: Project, found: Sequence[Need], limit: int) -> None:
    """The sites, and the button that searches them for the characters, or for words."""
    names = st.multiselect(
        _("Sources, asked in this order"),
        [*SEARCHES, *(name for name in added_names() if not card(name).takes)],
        default=["safebooru"],
        format_func=lambda name: said(card(name).title),
        key="collect_sources",
        persist_state="session",
    )
    for name in names:
        one = card(name)
        parts = [said(one.returns), said(one.terms)]
        parts += [_("Login: {key}.", key=said(one.key))] if one.key else []
        parts += [_("It uses Chrome, which must be installed.")] if one.browser else []
        st.caption(f"**{said(one.title)}**: {plain(' '.join(parts))}")
    st.caption(
        _("One request at a time for each site, robots.txt respected; where each picture came from is recorded.")
    )
    any_rating = _any_rating(names)
    if nobody_yet("collect_web_unnamed"):
        words = st.text_input(
            _("Words to search for"), key="collect_words", placeholder=_("red hair school uniform")
        ).strip()
        config = CollectConfig(limit=limit, unnamed=True, query=words or "WORDS")
        _button(
            project,
            names,
            config,
            any_rating,
            _("Collect {pictures}", pictures=count(limit, "picture")),
            ready=bool(words),
        )
        return
    short = sum(n.need > 0 for n in found)
    if not found:
        st.info(_("Add characters first: their names are what is searched for."), icon=":material/person_add:")
    label = (
        _("Collect for {characters}", characters=count(short, "character"))
        if short
        else _("Every character has enough")
    )
    _button(project, names, CollectConfig(limit=limit), any_rating, label, ready=bool(short))


def _any_rating(names: Sequence[str]) -> bool:
    """Whether pictures of every rating are wanted; asked only where a chosen site has others than safe ones."""
    if not set(names) - set(SAFE_ONLY):
        return False
    return st.checkbox(
        _("Pictures of any rating"),
        key="collect_any_rating",
        persist_state="session",
        help=_(
            "Otherwise only what a site calls safe: the rating general or safe of a board, the safe search of an "
            "engine. The rating of each picture is kept with it."
        ),
    )


def _button(
    project: Project, names: Sequence[str], config: CollectConfig, any_rating: bool, label: str, *, ready: bool
) -> None:
    start_button(
        project,
        collect_command.Arguments(tuple(names), config=config, any_rating=any_rating),
        label,
        key="collect_start",
        primary=is_due(project, "collect"),
        icon=":material/download:",
        disabled=not (names and ready),
    )
