"""How high a table is: as its rows are, without a blank stripe below them, up to a height from which on it scrolls."""

from __future__ import annotations

from typing import Literal

ROW, HEAD = 35, 38
"""Pixels of a row and of the head, or a little more."""


def table_height(rows: int, most: int) -> int | Literal["content"]:
    """What st.dataframe takes as height; most: in pixels.

    >>> table_height(3, 320), table_height(300, 320)
    ('content', 320)
    """
    return "content" if ROW * rows + HEAD <= most else most
