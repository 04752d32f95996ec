"""The question whether pictures come without a character."""

from __future__ import annotations

import streamlit as st

from ui.common.language import _


def nobody_yet(key: str) -> bool:
    """Whether the pictures come without a character."""
    return st.checkbox(
        _("Nobody yet: name the faces later"),
        key=key,
        help=_("For pictures that are not sorted. Crop finds the faces, and they are named in groups afterwards."),
    )
