"""Components of our own: a folder with a style and scripts, mounted by Streamlit; and pictures for them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


@cache
def component(
    name: str, folder: Path, html: str, style: str, *scripts: str, isolate_styles: bool = True
) -> ComponentRenderer:
    """The component `whoami_<name>`, registered once a process. style, scripts: files of the folder; no style: "".

    Streamlit takes what belongs to an app, and not to a package, as text.
    """
    return st.components.v2.component(
        f"whoami_{name}",
        html=html,
        css=(folder / style).read_text(encoding="utf-8") if style else None,
        js="\n".join((folder / script).read_text(encoding="utf-8") for script in scripts),
        isolate_styles=isolate_styles,
    )


def told(key: str) -> Mapping[str, Any]:
    """What a component says by now; nothing where its page was left: its last word may come when that is forgotten."""
    return st.session_state.get(key) or {}


def jpeg_source(jpeg: bytes | None) -> str:
    """What an img element shows: a JPEG as a data address, "" where there is none."""
    return "" if jpeg is None else "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
