"""What a folder or a zip holds, before it is imported."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.collect.importing import ImportPreview, preview_import
from core.workspace.project import Project
from ui.common.errors import show_errors
from ui.common.from_core import said
from ui.common.language import N_, _, heads
from ui.common.tables import table_height
from ui.common.text import count, plain


def preview(project: Project, path: Path, character: str, *, unnamed: bool = False) -> None:
    """Look into a folder or zip and show whose pictures it holds, what would be left out, and what is not clear."""
    with show_errors():
        with st.spinner(_("Looking …")):
            found = preview_import(path, character=character, unnamed=unnamed, into=project.workspace.root)
        show_preview(found)


def show_preview(found: ImportPreview) -> None:
    """Characters with their pictures, notes, and files left out with the reason."""
    if found.question:
        st.warning(plain(said(found.question)), icon=":material/help:")
    else:
        total = sum(found.characters.values())
        named = [name for name in found.characters if name]
        n = count(total, "picture")
        if named:
            words = _("{pictures} of {characters}", pictures=n, characters=count(len(named), "character"))
        else:
            words = _("{pictures} without a character yet", pictures=n)
        st.markdown(f"**{words}**. {_('Nothing is imported yet.')}")
    if any(found.characters):
        rows = pd.DataFrame({N_("character"): list(found.characters), N_("pictures"): list(found.characters.values())})
        _table(rows)
    for note in found.notes:
        st.caption(plain(said(note)))
    if found.left_out:
        with st.expander(_("{files} left out", files=count(len(found.left_out), "file")), icon=":material/block:"):
            why = [said(o.reason) for o in found.left_out]
            _table(pd.DataFrame({N_("file"): [o.path for o in found.left_out], N_("why"): why}))


def _table(rows: pd.DataFrame) -> None:
    st.dataframe(rows, hide_index=True, height=table_height(len(rows), 248), column_config=heads(rows.columns))
