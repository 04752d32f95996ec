"""The keys of the crop review, in one place: the browser listens to them, the key sheet shows them."""

from __future__ import annotations

from ui.common.language import N_

KEYS = {
    "K": "keep",
    "X": "reject",
    "O": "only",
    "A": "all",
    "N": "aside",
    "ArrowRight": "next",
    "ArrowLeft": "back",
    "Z": "undo",
    "Shift+Z": "redo",
    "F": "face",
    "D": "redraw",
    "M": "zoom",
    "Delete": "remove",
    "Backspace": "remove",
}
"""Key -> act (core.crop.presses.ACTS). C and R are Streamlit's own."""

NAMES = ("1", "2", "3", "4", "5")
"""For the names that are suggested."""

BUTTONS = {
    "rv_keep": "keep",
    "rv_reject": "reject",
    "rv_only": "only",
    "rv_all": "all",
    "rv_aside": "aside",
    "rv_next": "next",
    "rv_back": "back",
    "rv_undo": "undo",
    "rv_redo": "redo",
    "rv_face": "face",
    "rv_draw": "redraw",
    "rv_zoom": "zoom",
    **{f"rv_like_{n}": f"name-{n}" for n in NAMES},
}
"""Key of a button -> what it does: a click goes the way of the keys, so that it is about what is drawn."""

SHEET = (
    ("K", N_("Keep this face")),
    ("X", N_("Reject this face")),
    ("O", N_("Keep only this face of the picture")),
    ("A", N_("Keep all faces of the picture")),
    ("1–5", N_("Give this face the suggested name")),
    ("N", N_("Set the picture aside: nothing in it is useful")),
    ("← →", N_("Earlier or next picture, without a decision")),
    ("F", N_("Select the next face of the picture")),
    ("M", N_("Zoom in on the selected face, and out again")),
    ("D", N_("Draw: the next box replaces the selected one")),
    ("Del", N_("Delete the selected box")),
    ("Z, Shift+Z", N_("Undo, redo")),
    (
        N_("Mouse"),
        N_("Click a box to select it, drag it or its handles, double-click to rename; drag beside it to draw"),
    ),
    ("?", N_("This list")),
)
"""What the key sheet says."""


def with_key(label: str, key: str) -> str:
    """A button's label with its key.

    >>> with_key("Keep", "K")
    'Keep `K`'
    """
    return f"{label} `{key}`"
