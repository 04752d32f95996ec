"""The question whether pictures come without a character."""

from __future__ import annotations

import streamlit as st


def nobody_yet(key: str) -> bool:
    """Whether the pictures come without a character."""
    return st.checkbox(
        "Nobody yet: name the faces later",
        key=key,
        help="For pictures that are not sorted. Crop finds the faces, and they are named in groups afterwards.",
    )
