"""What a folder or a zip holds, before it is imported."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.collect.importing import ImportPreview, preview_import
from ui.common.errors import show_errors
from ui.common.text import count, plain


def preview(path: Path, character: str, *, unnamed: bool = False) -> None:
    """Look into a folder or zip and show whose pictures it holds, what would be left out, and what is not clear."""
    with show_errors():
        with st.spinner("Looking …"):
            found = preview_import(path, character=character, unnamed=unnamed)
        show_preview(found)


def show_preview(found: ImportPreview) -> None:
    """Characters with their pictures, notes, and files left out with the reason."""
    if found.question:
        st.warning(plain(found.question), icon=":material/help:")
    else:
        total = sum(found.characters.values())
        named = [name for name in found.characters if name]
        whose = count(len(named), "character") if named else "nobody yet"
        st.markdown(f"**{count(total, 'picture')} of {whose}**. Nothing is imported yet.")
    if any(found.characters):
        rows = pd.DataFrame({"character": list(found.characters), "pictures": list(found.characters.values())})
        st.dataframe(rows, hide_index=True, height=min(35 * len(rows) + 38, 248))
    for note in found.notes:
        st.caption(plain(note))
    if found.left_out:
        with st.expander(f"{count(len(found.left_out), 'file')} left out", icon=":material/block:"):
            rows = pd.DataFrame({"file": [o.path for o in found.left_out], "why": [o.reason for o in found.left_out]})
            st.dataframe(rows, hide_index=True, height=min(35 * len(rows) + 38, 248))
