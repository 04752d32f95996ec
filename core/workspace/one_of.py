"""`column IN (...)` for any number of values: SQLite takes at most 250,000 parameters, and far fewer are quick."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, String, func, select

FEW = 500
"""Up to so many values each is a parameter of its own; more are one parameter, a JSON list that SQLite unpacks."""


def one_of(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column of numbers or texts equals one of the values."""
    if len(values) <= FEW:
        return column.in_(list(values))
    listed = func.json_each(json.dumps(list(values)), type_=String).table_valued("value")
    return column.in_(select(listed.c.value))
