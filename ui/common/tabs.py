"""Tabs of which only the one that is open is worked out and drawn."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer


def open_tabs(labels: Sequence[str], *, key: str) -> Sequence[TabContainer]:
    """Tabs that say by `open` whether they are the one to draw; to open another one runs the page, or its fragment.

    The same one stays open when its label changes, as one with a count does: Streamlit takes that for other tabs.
    """
    kept = f"{key}_labels"
    before, chosen = st.session_state.get(kept, ()), st.session_state.get(key)
    if chosen in before and chosen not in labels:
        st.session_state[key] = labels[before.index(chosen)]
    st.session_state[kept] = tuple(labels)
    return st.tabs(labels, key=key, on_change="rerun")
