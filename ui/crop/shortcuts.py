"""The keys of the crop review, in one place; every button shows its own."""

from __future__ import annotations

KEEP = "K"
ONLY = "O"
REJECT = "X"
ALL = "A"
NEXT = "Right"
BACK = "Left"
UNDO = "Z"
REDO = "Shift+Z"
DRAW = "D"
FACE = "F"
ZOOM = "M"
ASIDE = "N"
"""C and R are Streamlit's own."""

NAMES = ("1", "2", "3", "4", "5")
"""For the names that are suggested."""
