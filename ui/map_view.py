"""What a person picked on the map: the answer of a Plotly selection as face ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def picked_ids(event: Mapping[str, Any] | None) -> list[int]:
    """Face ids of the clicked or lassoed points, each once, in the order of the answer.

    A point's customdata comes as a number or as a list with one; points without any (a query's star) are passed over.

    >>> picked_ids({"selection": {"points": [{"customdata": 7}, {"customdata": [8]}, {}, {"customdata": 7}]}})
    [7, 8]
    """
    points = (event or {}).get("selection", {}).get("points", [])
    found = []
    for point in points:
        value = point.get("customdata")
        if isinstance(value, Mapping):
            value = list(value.values())
        if isinstance(value, (list, tuple)):
            value = value[0] if value else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found.append(int(value))
    return list(dict.fromkeys(found))
