"""The front door: `streamlit run Home.py`. Navigation over the six steps; the page itself is ui/home.py."""

from __future__ import annotations

import streamlit as st

from ui.home import home
from ui.links import PAGES, remember_home

st.set_page_config(page_title="Who Am I?", page_icon=":material/face:", layout="wide")

steps = [st.Page(p.path, title=p.title, icon=p.icon) for p in PAGES if p.exists]
front = st.Page(home, title="Home", icon=":material/home:", url_path="home", default=True)
remember_home(front)
st.navigation({"": [front], "The six steps": steps}, expanded=True).run()
