"""Answers as the recogniser gives them, without a recogniser."""

from __future__ import annotations

import numpy as np

from core.imaging.boxes import Box
from core.recognise.batch import Answered
from core.recognise.pictures import RecognisedFace
from core.recognise.queries import Query
from core.recognise.verdict import Candidate, Identification


def recognised(verdict: str, name: str | None, box: Box | None = None, *, similarity: float = 0.75) -> RecognisedFace:
    """A face with a verdict."""
    candidates = (Candidate(name or "Rei", similarity),)
    answer = Identification(verdict, name, similarity, candidates, (), "as told", 0.9, "Eva" if name else "")
    return RecognisedFace(
        box or Box(10, 20, 30, 40), np.zeros((8, 8, 3), np.uint8), np.array([1, 0, 0], np.float32), answer
    )


def answered(path, *faces: RecognisedFace, pixels: np.ndarray | None = None, error: str = "") -> Answered:
    """A picture with its answers; unreadable where there is an error."""
    rgb = None if error else np.full((80, 80, 3), 120, np.uint8) if pixels is None else pixels
    return Answered(Query(str(path), path), rgb, faces, error)
