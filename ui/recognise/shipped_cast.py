"""The switch for the shipped cast: off until somebody wants it, and only with the encoder that it belongs to."""

from __future__ import annotations

import streamlit as st

from core.recognise.shipped_cast import load_cast
from ui.common.language import N_, _
from ui.common.text import count

KEY = "shipped_cast"
HELP = N_(
    "An unknown face may look like a character that the shipped encoder was trained on. It knows the pictures of the "
    "works themselves; of drawings by others it names few, and says nothing of the rest."
)


def offer_cast(digest: str) -> bool:
    """One sentence and the switch, where nobody is enrolled yet; whether it is on. digest: of the encoder in use."""
    cast = load_cast(digest)
    if cast is None:
        return False
    works = len({work for work, name in cast.characters})
    st.markdown(
        _(
            "The app comes with a cast of {characters} from {works} works. It can be asked before anybody is "
            "enrolled, and says whom a face looks like if it is sure.",
            characters=count(len(cast.characters), "character"),
            works=works,
        )
    )
    return cast_switch(digest)


def cast_is_on(digest: str) -> bool:
    """Whether the switch is on, before it is drawn in this run."""
    return bool(st.session_state.get(KEY)) and load_cast(digest) is not None


def cast_switch(digest: str) -> bool:
    """Whether the shipped cast is asked too; no switch where the encoder in use has none."""
    if load_cast(digest) is None:
        return False
    return bool(st.toggle(_("Ask the shipped cast"), key=KEY, help=_(HELP), persist_state="session"))
