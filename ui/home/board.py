"""Home's areas: what is next and the steps, and beside them, where the window is wide, the user's own pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

Draw = Callable[[], None]
STYLE = """<style>
.st-key-home { container-type: inline-size; }
.st-key-home_board, .st-key-home_side, .st-key-home_steps { display: grid; align-items: start; }
.st-key-home_board { gap: 1.5rem 2rem; grid-template-columns: minmax(0, 1fr); }
.st-key-home_board > * { min-width: 0; }
.st-key-home_side { gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr)); }
.st-key-home_side h2 { padding-top: 0; }
.st-key-home_steps { gap: 0.5rem; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); }
@container (min-width: 800px) {
  .st-key-home_board:has(.st-key-home_side) {
    grid-template: "top side" auto "steps side" 1fr / minmax(0, 1fr) minmax(0, 36%); }
  .st-key-home_board:has(.st-key-home_side) > :has(> .st-key-home_top) { grid-area: top; }
  .st-key-home_board > :has(> .st-key-home_side) { grid-area: side; }
  .st-key-home_board:has(.st-key-home_side) > :has(> .st-key-home_steps) { grid-area: steps; }
}
@container (min-width: 1200px) {
  .st-key-home_board:has(.st-key-home_side > :nth-child(2)) { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
}
</style>"""
"""One column on a narrow page: what is next, the pictures, the steps. On a wide one the pictures stand beside the other
two, in two columns themselves where there are several kinds of them. It depends on the room that the sidebar leaves."""


def board(top: Draw, side: Sequence[Draw], steps: Draw) -> None:
    """Draw the areas; side: a block each."""
    st.html(STYLE)
    with st.container(key="home"), st.container(key="home_board"):
        with st.container(key="home_top"):
            top()
        if side:
            with st.container(key="home_side"):
                for block in side:
                    with st.container(gap="small"):
                        block()
        with st.container(key="home_steps"):
            steps()
