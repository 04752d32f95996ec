"""Pictures to pick from, as a component of our own: a click picks, Shift takes everything in between."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from ui.common.component import component, told
from ui.common.language import _
from ui.common.served import served


@dataclass(frozen=True, slots=True)
class Pickable:
    """A picture: what comes back when it is picked, a JPEG (None: it cannot be read), words below it and on hover."""

    id: int | str
    jpeg: bytes | None
    name: str
    about: str


def pick_pictures(pictures: Sequence[Pickable], picked: set[int | str], *, key: str, side: int) -> None:
    """Draw them, side pixels wide each. What is clicked goes into `picked`, which other pictures' ids stay in.

    Whoever changes `picked` otherwise says so (`picks_changed`): until then the browser keeps what was clicked.
    """
    name = f"{key}_tiles"

    def clicked() -> None:
        take(told(name).get("picked"), picked)

    data = {
        "tiles": [
            {
                "id": p.id,
                "src": served(p.jpeg, f"{key}.{n}") if p.jpeg else "",
                "name": p.name,
                "about": p.about or p.name,
            }
            for n, p in enumerate(pictures)
        ],
        "picked": [p.id for p in pictures if p.id in picked],
        "round": st.session_state.get(_round(key), 0),
        "label": _("Pictures to pick from"),
        "missing": _("cannot be read"),
        "side": side,
    }
    html = "<div id='picks' role='group'></div>"
    drawn = component("picks", Path(__file__).parent, html, "picks.css", "picks.js")
    drawn(data=data, key=name, on_picked_change=clicked)


def take(said: Mapping[str, Collection[Any]] | None, picked: set[int | str]) -> None:
    """What the browser says of the pictures that it shows: which are picked, and that the others are not.

    >>> picked = {1, 2, 9}
    >>> take({"shown": [1, 2, 3], "picked": [2, 3]}, picked)
    >>> sorted(picked)
    [2, 3, 9]
    """
    if said:
        picked.difference_update(said["shown"])
        picked.update(said["picked"])


def picks_changed(key: str) -> None:
    """The picks of this grid were changed here, and not in the browser."""
    st.session_state[_round(key)] = st.session_state.get(_round(key), 0) + 1


def _round(key: str) -> str:
    return f"{key}_round"
