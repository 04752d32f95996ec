"""The lines of the result table: a face each, or a picture without one; and which of them are wanted. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from core.recognise.reasons import why_of
from core.recognise.verdict import MATCH, UNKNOWN, UNSURE

NO_FACE, UNREADABLE = "no face", "not readable"
VERDICTS = (MATCH, UNSURE, UNKNOWN, NO_FACE, UNREADABLE)
"""As they are filtered, and in the order in which they are sorted."""

COLUMNS = ("verdict", "character", "similarity", "series", "picture")
"""By which the table can be sorted; "" is the order in which the pictures came."""


@dataclass(frozen=True, slots=True)
class Row:
    """A face on a picture (face 0: the picture has none). id: of the row; key: of its picture. character: the name of
    a match, or the guess of an unsure one. probability: that this name is right, None where it is not known. box: x, y,
    w, h in picture pixels, empty without a face. name: the picture's whole name, as the file of answers has it."""

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
    name: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows of these verdicts (of all, where none is given), of a name, and with a text in the picture's name."""

    verdicts: tuple[str, ...] = ()
    character: str = ""
    text: str = ""


ALL = Wanted()


def rows_of_picture(key: str, picture: str, document: dict[str, Any], name: str = "") -> list[Row]:
    """The rows of a picture. document: its JSON form (core.recognise.batch.Answered.as_dict)."""
    faces = document["faces"]
    if not faces:
        error = document.get("error", "")
        return [Row(f"{key}:0", key, picture, 0, 0, UNREADABLE if error else NO_FACE, reason=error, name=name)]
    found = []
    for number, face in enumerate(faces, 1):
        row = Row(f"{key}:{number}", key, picture, number, len(faces), face["verdict"], name=name)
        box = tuple(face["box"])
        figures = {"similarity": face["similarity"], "probability": face["probability"], "reason": why_of(face)}
        found.append(replace(row, character=face["character"] or "", series=face["series"], box=box, **figures))
    return found
