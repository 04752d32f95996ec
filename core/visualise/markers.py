"""Colour and symbol of each character on a map: told apart with colour-blind eyes and in grey, too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#c0508f", "#b58900", "#4aa3df", "#6a4c93", "#7a4a2b")
"""After Okabe and Ito (2008), its yellow and black left out and its light ones darkened for white ground."""

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "x")
SYMBOLS_3D = ("circle", "square", "diamond", "cross", "x", "circle-open", "square-open")
"""Plotly's 3D knows no triangles. Seven symbols share no factor with eight colours: 56 different marks."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A colour as #rrggbb, a symbol in 2D and one in 3D, by Plotly's names."""

    colour: str
    symbol: str
    symbol_3d: str


def markers(names: Iterable[str]) -> dict[str, Marker]:
    """A mark for each name, in their order: characters that follow each other differ in both colour and symbol.

    The first 56 differ from each other; from the 57th on they repeat with an open symbol in 2D.
    """
    found = {}
    for i, name in enumerate(dict.fromkeys(names)):
        opened = "-open" if i // (len(COLOURS) * len(SYMBOLS)) % 2 else ""
        symbol = SYMBOLS[i % len(SYMBOLS)] + opened
        found[name] = Marker(COLOURS[i % len(COLOURS)], symbol, SYMBOLS_3D[i % len(SYMBOLS_3D)])
    return found
