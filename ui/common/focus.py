"""The keyboard goes on to the next field: Streamlit draws fields anew, and the one that had it is gone by then."""

from __future__ import annotations

from pathlib import Path

from ui.common.component import component


def focus(field: str, *, key: str) -> None:
    """Put the keyboard into the widget of the key `field`, once; "" for none. Where a person has gone elsewhere
    meanwhile it stays there. Drawn always, so that nothing moves when there is a field to go to."""
    component("focus", Path(__file__).parent, "<span></span>", "", "focus.js")(data={"field": field}, key=key)
