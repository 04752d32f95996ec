"""The pages, their names and icons in one place, and links to them that never break a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.navigation.page import StreamlitPage

from core.settings import ROOT
from ui.common.language import N_, _
from ui.common.state import in_address

_HOME = "whoami_home"


@dataclass(frozen=True, slots=True)
class PageInfo:
    """A step's page: its name (file and folder name), title, Material icon and what it is for in a few words, in
    English."""

    step: str
    title: str
    icon: str
    purpose: str

    @property
    def path(self) -> str:
        return f"pages/{self.step}.py"

    @property
    def exists(self) -> bool:
        return (ROOT / self.path).exists()


PAGES = (
    PageInfo("collect", N_("Collect"), ":material/photo_library:", N_("bring pictures of each character in")),
    PageInfo("crop", N_("Crop"), ":material/crop:", N_("find the faces and check them")),
    PageInfo(
        "balance", N_("Balance"), ":material/balance:", N_("divide the faces into a training and a validation part")
    ),
    PageInfo("train", N_("Train"), ":material/model_training:", N_("teach an encoder to tell the characters apart")),
    PageInfo("visualise", N_("Visualise"), ":material/scatter_plot:", N_("look at what it learned, find wrong labels")),
    PageInfo("recognise", N_("Recognise"), ":material/face:", N_("drop a picture, get the name")),
)
"""The six steps, in order."""

CHARACTERS = PageInfo(
    "characters", N_("Characters"), ":material/groups:", N_("give the faces names, put the cast in order")
)
"""A page, not a step: it serves every step."""

AFTER = "crop"
"""The step behind which the navigation shows it."""


def page(step: str) -> PageInfo:
    """The page of a step, or of the characters."""
    return next(p for p in (*PAGES, CHARACTERS) if p.step == step)


def remember_home(front: StreamlitPage) -> None:
    """Home is a function, not a file: links to it need the page itself."""
    st.session_state[_HOME] = front


def link(step: str, label: str = "", *, help: str | None = None) -> None:
    """A link to a step's page, or to `home`; plain words where the page cannot be reached (a test of one page)."""
    if step == "home":
        path, label, icon = st.session_state.get(_HOME, "Home.py"), label or _("Home"), ":material/home:"
    else:
        info = page(step)
        path, label, icon = info.path, label or go_to(info), info.icon
    try:
        st.page_link(path, label=label, icon=icon, help=help, query_params=in_address())
    except (StreamlitAPIException, KeyError):
        st.caption(label)


def lead_to(step: str, label: str = "") -> None:
    """The way to a step, or to `home`, as the page's primary button, where there is nothing to do here before."""
    icon = ":material/home:" if step == "home" else page(step).icon
    label = label or (_("Home") if step == "home" else go_to(page(step)))
    if st.button(label, key=f"lead_to_{step}", type="primary", icon=icon):
        go(step)


def go_to(info: PageInfo) -> str:
    """What the way to a page is called where nothing more telling is known."""
    return _("Go to {page}", page=_(info.title))


def go(step: str) -> NoReturn:
    """Open a step's page, or `home`; the address keeps the workspace, so that it can be shared and the back button
    works."""
    there = st.session_state.get(_HOME, "Home.py") if step == "home" else page(step).path
    st.switch_page(there, query_params=in_address())
