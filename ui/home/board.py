"""Home's areas: what is next and the steps, and where there is room beside them, the user's own pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

Draw = Callable[[], None]
STYLE = """<style>
.st-key-home { container-type: inline-size; }
.st-key-home_board, .st-key-home_side, .st-key-home_steps { display: grid; }
.st-key-home_board, .st-key-home_side { align-items: start; }
.st-key-home_board { gap: 1.5rem 2rem; grid-template-columns: minmax(0, 1fr); }
.st-key-home_board > * { min-width: 0; }
.st-key-home_side { gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr)); }
.st-key-home_side h2 { padding-top: 0; }
.st-key-home_steps { gap: 0.5rem; grid-template-columns: repeat(auto-fit, minmax(min(480px, 100%), 1fr)); }
.st-key-home_steps > * > * { height: 100%; }
@container (max-width: 640px) {
  .st-key-home_covers, .st-key-home_newest, .st-key-home_answers {
    grid-auto-flow: column; grid-auto-columns: 84px; grid-template-columns: none !important; overflow-x: auto; }
  .st-key-home_board > :has(> .st-key-home_side), .st-key-home_side { display: contents; }
  .st-key-home_side > :has(.st-key-home_map) { order: 1; }
}
@container (min-width: 800px) {
  .st-key-home_board:has(.st-key-home_side > :nth-child(2)) {
    grid-template: "top side" auto "steps side" 1fr / minmax(0, 1fr) minmax(0, 36%); }
  .st-key-home_board:has(.st-key-home_side > :nth-child(2)) > :has(> .st-key-home_top) { grid-area: top; }
  .st-key-home_board:has(.st-key-home_side > :nth-child(2)) > :has(> .st-key-home_side) { grid-area: side; }
  .st-key-home_board:has(.st-key-home_side > :nth-child(2)) > :has(> .st-key-home_steps) { grid-area: steps; }
  .st-key-home_side:not(:has(> :nth-child(2))) .st-key-home_newest {
    grid-template-rows: auto; grid-auto-rows: 0; row-gap: 0; overflow: hidden; }
}
@container (min-width: 1200px) {
  .st-key-home_board:has(.st-key-home_side > :nth-child(3)) { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
}
</style>"""
"""One column on a narrow page: what is next, the pictures, the steps. On a wide one, pictures of several kinds stand
beside the other two, in two columns themselves where there is room for all three; those of one kind, too few for a
column of their own, are a row between them, and of the newest as many as fit in it are shown. On a telephone the
pictures are rows to swipe through, and the map, which says little so small, comes last. It depends on the room that the
sidebar leaves."""


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
