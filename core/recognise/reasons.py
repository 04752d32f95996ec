"""Everything that a table says about one answer, in one cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.recognise.shipped_cast import Likeness

ENROLLED_ALREADY = "this picture, or one just like it, is enrolled already"


def why_of(face: Mapping[str, Any]) -> str:
    """The reason of an answer (its JSON form), whom of the shipped cast the face looks like, and that it is enrolled
    already, where it is: then the answer says little about new pictures."""
    words, like = [face["reason"]], face.get("looks_like")
    if like:
        words.append(Likeness(like["name"], like["work"], like["similarity"]).words())
    if face.get("enrolled_already"):
        words.append(ENROLLED_ALREADY)
    return "; ".join(words)
