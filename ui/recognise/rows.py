"""The lines of the result table: a face each, or a picture without one; filtered and sorted. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.recognise.verdict import MATCH, UNKNOWN, UNSURE

NO_FACE, UNREADABLE = "no face", "not readable"
VERDICTS = (MATCH, UNSURE, UNKNOWN, NO_FACE, UNREADABLE)
"""As they are filtered, and in the order in which they are sorted."""

COLUMNS = ("verdict", "character", "similarity", "series", "picture")
"""By which the table can be sorted; `` is the order in which the pictures came."""


@dataclass(frozen=True, slots=True)
class Row:
    """A face on a picture (face 0: the picture has none). id: of the row; key: of its picture. character: the name of
    a match, or the guess of an unsure one. probability: that this name is right, None where it is not known. box: x, y,
    w, h in picture pixels, empty without a face."""

    id: str
    key: str
    picture: str
    face: int
    faces: int
    verdict: str
    character: str = ""
    similarity: float | None = None
    probability: float | None = None
    series: str = ""
    reason: str = ""
    box: tuple[float, ...] = ()


def rows_of_picture(key: str, picture: str, document: dict[str, Any]) -> list[Row]:
    """The rows of a picture. document: its JSON form (core.recognise.batch.Answered.as_dict)."""
    faces = document["faces"]
    if not faces:
        error = document.get("error", "")
        return [Row(f"{key}:0", key, picture, 0, 0, UNREADABLE if error else NO_FACE, reason=error)]
    found = []
    for number, face in enumerate(faces, 1):
        row = Row(f"{key}:{number}", key, picture, number, len(faces), face["verdict"])
        box = tuple(face["box"])
        figures = {"similarity": face["similarity"], "probability": face["probability"], "reason": face["reason"]}
        found.append(replace(row, character=face["character"] or "", series=face["series"], box=box, **figures))
    return found


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows there are of each verdict, in the order of VERDICTS; what does not occur is left out."""
    found = Counter(row.verdict for row in rows)
    return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}


def names_in(rows: Iterable[Row]) -> list[str]:
    """The names that occur, those of most faces first."""
    found = Counter(row.character for row in rows if row.character)
    return sorted(found, key=lambda name: (-found[name], name.casefold()))


def chosen_rows(rows: Iterable[Row], *, verdicts: Collection[str] = (), name: str = "", text: str = "") -> list[Row]:
    """The rows of these verdicts (of all, where none is given), of a name, and with a text in the file's name."""
    low = text.casefold().strip()
    return [
        row
        for row in rows
        if (not verdicts or row.verdict in verdicts)
        and (not name or row.character == name)
        and low in row.picture.casefold()
    ]


def sorted_rows(rows: Sequence[Row], column: str, *, descending: bool = False) -> list[Row]:
    """In the order of a column; rows that have nothing in it come last either way."""
    if column not in COLUMNS:
        return list(rows)
    there = [row for row in rows if _value(row, column) is not None]
    there.sort(key=lambda row: _value(row, column), reverse=descending)
    return there + [row for row in rows if _value(row, column) is None]


def _value(row: Row, column: str) -> Any:
    value = getattr(row, column)
    if column == "verdict":
        return VERDICTS.index(value)
    if isinstance(value, str):
        return value.casefold() or None
    return value
