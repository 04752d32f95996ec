"""The two halves of Collect's form: who is wanted, and where their pictures come from."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.common.language import _


def blocks(*, folded: bool, open_way: bool) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the characters and the ways to more pictures are drawn. Before any picture comes both are open, with a
    heading each; folded: they are two folds beside the pictures. open_way: the second is unfolded."""
    if folded:
        left, right = st.columns(2, gap="medium")
        return (
            left.expander(_("Characters"), icon=":material/group:"),
            right.expander(_("Add pictures"), icon=":material/add_photo_alternate:", expanded=open_way),
        )
    both = st.container(horizontal=True, gap="large")
    left, right = both.container(width=400), both.container(width=500)
    left.header(_("Characters"))
    right.header(_("Pictures"))
    return left, right
