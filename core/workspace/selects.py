"""Which rows of a table are wanted: conditions in SQL from the values that columns must have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select

from core.workspace.one_of import one_of


def conditions(table: Table, equal: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """What the columns must equal: a value, None (there is none), or one of a list, tuple or set."""
    found: list[ColumnElement[bool]] = []
    for name, value in equal.items():
        column = table.c[name]
        if isinstance(value, (list, tuple, set, frozenset)):
            found.append(one_of(column, value))
        elif value is None:
            found.append(column.is_(None))
        else:
            found.append(column == value)
    return found


def filtered(table: Table, ids: Iterable[int] | None, equal: Mapping[str, Any]) -> Select[*tuple[Any, ...]]:
    """The rows, by id, with one of these ids (None: any) and these values."""
    query = select(table).order_by(table.c.id)
    if ids is not None:
        query = query.where(one_of(table.c.id, list(ids)))
    for condition in conditions(table, equal):
        query = query.where(condition)
    return query
