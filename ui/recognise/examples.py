"""Pictures to ask with that are there already: those that another page handed over, and a demo's examples."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.recognise.examples import Example, read_examples
from core.workspace.project import Project
from ui.common.grid import thumb
from ui.common.language import _
from ui.common.state import state
from ui.common.text import plain
from ui.recognise.asked import Asking

SIDE = 104
ONE_ROW = """<style>
@media (max-width: 1100px) {
  .st-key-examples { flex-wrap: nowrap; overflow-x: auto; }
  .st-key-examples > * { flex-shrink: 0; }
}
</style>"""
"""Where they do not fit, the examples are a row to swipe through: the answer stands below them."""


def examples(project: Project, asking: Asking) -> Sequence[tuple[str, bytes]]:
    """Names and bytes of what was handed over, and of the example that was clicked; draws the examples there are."""
    given, state().asked = list(state().asked), ()
    found = read_examples(project.workspace)
    if found:
        clicked = _row(project, found, first=not asking.pictures)
        given += [(clicked.path.name, clicked.path.read_bytes())] if clicked is not None else []
    return given


def _row(project: Project, found: list[Example], *, first: bool) -> Example | None:
    """The examples side by side; the one that was clicked in this run. first: nothing was asked about yet."""
    clicked = None
    unseen = _("They were drawn after the training: no step has seen them.")
    st.markdown(f"**{_('Or try one of these.')}** {unseen if first else ''}")
    st.html(ONE_ROW)
    with st.container(horizontal=True, gap="small", key="examples"):
        for number, one in enumerate(found, 1):
            with st.container(width=SIDE, gap="xxsmall"):
                picture = thumb(one.path, SIDE * 2)
                if picture is not None:
                    st.image(picture, width="stretch", alt=_("example {number}", number=number))
                if st.button(_("Who is it?"), key=f"example_{project.name}_{number}", width="stretch"):
                    clicked = one
    return clicked


def show_truth(project: Project, name: str) -> None:
    """Who is on a picture of that name, where it is an example: the answer can be checked against it."""
    example = next((one for one in read_examples(project.workspace) if one.path.name == name), None)
    if example is not None:
        truth = f"**{plain(example.truth)}**" if example.truth else _("somebody who is **not enrolled**")
        st.caption(f":material/draw: {_('The right answer: {truth}.', truth=truth)}")
