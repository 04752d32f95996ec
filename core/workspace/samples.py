"""Some kept faces of each character, evenly spread over all of them: what is compared with, whatever their number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import func, select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.selects import conditions
from core.workspace.states import FaceState


def spread_ids(catalogue: Catalogue, most: int, **equal: Any) -> dict[int, list[int]]:
    """For each character its kept faces, balancing copies aside: `most` of their ids, evenly spread, the first always
    among them. `equal`: of the faces whose columns equal these values.

    Characters come in the order of their first faces. Kept until somebody commits.
    """
    key = ("spread", most, repr(sorted(equal.items())))
    return catalogue.remembered(key, lambda: _read(catalogue, most, equal))


def _read(catalogue: Catalogue, most: int, equal: Mapping[str, Any]) -> dict[int, list[int]]:
    """SQLite puts the ids of a character together, which takes a third of the time of as many rows."""
    faces = t.faces.c
    wanted = conditions(t.faces, {"state": FaceState.KEPT, "copy_of": None, **equal})
    query = select(faces.character_id, func.group_concat(faces.id)).group_by(faces.character_id)
    if "character_id" not in equal:  # or SQLite takes this for a range, and goes through everybody's faces
        wanted.append(faces.character_id.is_not(None))
    query = query.where(*wanted)
    first, found = {}, {}
    with catalogue.reading() as db:
        for character, listed in db.execute(query):
            ids = np.sort(np.fromstring(listed, np.int64, sep=","))
            first[character] = ids[0]
            found[character] = ids[_spread(len(ids), most)].tolist()
    return {character: found[character] for character in sorted(found, key=first.__getitem__)}


def _spread(n: int, most: int) -> np.ndarray:
    """Places of at most `most` of n things, evenly spread.

    >>> _spread(10, 4).tolist()
    [0, 3, 6, 9]
    """
    return np.unique(np.linspace(0, n - 1, min(n, most)).astype(int))
