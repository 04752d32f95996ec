"""One field for whose a face is: the names there are complete, and another name makes a new character."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.imaging.names import true_name
from core.workspace.project import Project
from ui.common.language import N_, _

PLACEHOLDER = N_("Type a name, press Enter")


def name_picker(
    project: Project,
    label: str,
    *,
    key: str,
    proposed: str | None = None,
    first: Sequence[str] = (),
    without: Sequence[str] = (),
    placeholder: str = "",
    width: int | None = None,
    hidden: bool = False,
    help: str | None = None,
) -> str | None:
    """The name that was chosen or typed; None for none. The character of a new name is made by the edit that uses it.

    proposed: chosen from the start. first: names at the top of the list. without: names that make no sense here.
    """
    names = [c.name for c in project.catalogue.characters() if c.name not in without]
    options = [*dict.fromkeys(n for n in first if n in names), *(n for n in names if n not in first)]
    chosen = st.selectbox(
        label,
        options,
        index=options.index(proposed) if proposed in options else None,
        key=key,
        placeholder=placeholder or _(PLACEHOLDER),
        accept_new_options=True,
        filter_mode="contains",
        label_visibility="collapsed" if hidden else "visible",
        width=width or "stretch",
        help=help,
    )
    return true_name(chosen) or None if chosen else None
