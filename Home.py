"""The front door: `streamlit run Home.py`. Navigation over the six steps; the page itself is ui/home/dashboard.py."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core.plugins import load_plugins
from core.settings import ROOT, current_settings
from ui.common.errors import show_errors
from ui.common.language import _, choice, settle, tell_browser
from ui.common.links import AFTER, CHARACTERS, PAGES, remember_home
from ui.common.look import STYLE
from ui.common.settings_file import settings_problem, show_settings_problem
from ui.common.sign_in import account, gate
from ui.common.state import current_name, in_address
from ui.home.dashboard import home

problem = settings_problem()
if not problem:
    with show_errors():
        load_plugins(current_settings())
# Pages carry no icon, and the window's own is a file of ours: for a material icon or an emoji in its place the browser
# would ask a server on the internet. The links below show theirs from a font that comes with Streamlit.
settle()
steps = {p: st.Page(p.path, title=_(p.title)) for p in (*PAGES, CHARACTERS) if p.exists}
front = st.Page(home, title=_("Home"), url_path="front", default=True)
same = st.Page(lambda: home(), title=_("Home"), url_path="home")  # Streamlit gives the first page no address but "/"
remember_home(front)
opened = st.navigation([front, same, *steps.values()], position="hidden")
st.set_page_config(page_title=f"{opened.title} · Who Am I?", page_icon=str(ROOT / "ui" / "icon.png"), layout="wide")
st.html(STYLE)
gate()
with suppress(Exception):  # the page itself says what is wrong
    current_name()
kept = in_address()
with st.sidebar:
    st.page_link(front, label=_("Home"), icon=":material/home:", query_params=kept)
    st.caption(_("The six steps"))
    for info in PAGES:
        st.page_link(steps[info], label=_(info.title), icon=info.icon, query_params=kept)
        if info.step == AFTER:
            st.page_link(steps[CHARACTERS], label=_(CHARACTERS.title), icon=CHARACTERS.icon, query_params=kept)
    account()
    st.divider()
    choice()
    tell_browser()
show_settings_problem(problem)
opened.run()
