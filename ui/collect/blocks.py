"""The two halves of Collect's form: who is wanted, and where their pictures come from."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.common.language import _

FOLDS = """<style>
@media (max-width: 640px) {
  .st-key-collect_folds [data-testid="stHorizontalBlock"] { gap: 0.75rem; }
  .st-key-collect_folds:not(:has(details[open])) [data-testid="stColumn"] { min-width: 0; flex: 1 1 0; }
}
</style>"""
"""On a telephone two closed folds share a line; one that is open has the whole width."""


def blocks(*, folded: bool, open_way: bool) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the characters and the ways to more pictures are drawn. Before any picture comes both are open, with a
    heading each; folded: they are two folds beside the pictures. open_way: the second is unfolded."""
    if folded:
        st.html(FOLDS)
        left, right = st.container(key="collect_folds").columns(2, gap="medium")
        return (
            left.expander(_("Characters"), icon=":material/group:"),
            right.expander(_("Add pictures"), icon=":material/add_photo_alternate:", expanded=open_way),
        )
    both = st.container(horizontal=True, gap="large")
    left, right = both.container(width=400), both.container(width=500)
    left.header(_("Characters"))
    right.header(_("Pictures"))
    return left, right
