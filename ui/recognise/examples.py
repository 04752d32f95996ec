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
@media (max-width: 640px) {
  .st-key-examples { flex-wrap: nowrap; overflow-x: auto; }
  .st-key-examples > * { flex-shrink: 0; }
}
</style>"""
"""On a telephone the examples are a row to swipe through: the answer stands below them."""


def examples(project: Project, asking: Asking) -> Sequence[tuple[str, bytes]]:
    """Names and bytes of what was handed over, and of the example that was clicked; draws the examples there are."""
    given, state().asked = list(state().asked), ()
    found = read_examples(project.workspace)
    if found:
        clicked = _row(project, found)
        _truth(found, asking)
        given += [(clicked.path.name, clicked.path.read_bytes())] if clicked is not None else []
    return given


def _row(project: Project, found: list[Example]) -> Example | None:
    """The examples side by side; the one that was clicked in this run."""
    clicked = None
    st.markdown(f"**{_('Or try one of these.')}** {_('They were drawn after the training: no step has seen them.')}")
    st.html(ONE_ROW)
    with st.container(horizontal=True, gap="small", key="examples"):
        for number, one in enumerate(found, 1):
            with st.container(width=SIDE, gap="xxsmall"):
                picture = thumb(one.path, SIDE * 2)
                if picture is not None:
                    st.image(picture, width=SIDE, alt=_("example {number}", number=number))
                if st.button(_("Who is it?"), key=f"example_{project.name}_{number}", width="stretch"):
                    clicked = one
    return clicked


def _truth(found: list[Example], asking: Asking) -> None:
    """Who is on the picture that is open, where it is an example."""
    opened = asking.pictures.get(asking.chosen.rpartition(":")[0])
    example = next((one for one in found if opened is not None and one.path.name == opened.name), None)
    if example is not None:
        truth = f"**{plain(example.truth)}**" if example.truth else _("somebody who is **not enrolled**")
        st.caption(_("In truth {file} shows {truth}. The answer is below.", file=plain(example.path.name), truth=truth))
