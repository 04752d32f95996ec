"""What the detector's boxes on one picture mean: sure, look at it, or nothing found. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.imaging.boxes import Box, Detection
from core.workspace.states import ReviewState


@dataclass(frozen=True, slots=True)
class Proposal:
    """A face to be written: its detection, whether it is kept without a look, and whose it is said to be ("": the
    picture's character)."""

    detection: Detection
    kept: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """All faces of one picture and how sure the machine is of the picture as a whole."""

    review: str
    proposals: tuple[Proposal, ...]


def triage(detections: Sequence[Detection], *, accept: float, min_side: float) -> Finding:
    """Sure: exactly one face, above `accept` and large enough; it is kept. Several faces, a faint or a small one are
    for a person to look at: in a picture of one character only one face can be that character's.

    >>> str(triage([Detection(Box(0, 0, 50, 50), 0.9)], accept=0.5, min_side=24).review)
    'sure'
    """
    if not detections:
        return Finding(ReviewState.NOTHING, ())
    strong = [d for d in detections if d.score >= accept]
    if len(strong) == 1 and min(strong[0].box.w, strong[0].box.h) >= min_side:
        only = strong[0]
        rest = tuple(Proposal(d, False) for d in detections if d is not only)
        return Finding(ReviewState.LOOK if rest else ReviewState.SURE, (Proposal(only, not rest), *rest))
    return Finding(ReviewState.LOOK, tuple(Proposal(d, False) for d in detections))


def known(true_faces: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Finding:
    """The boxes that a picture brought along (drawn characters do), for when no detector can be had."""
    proposals = []
    for face in true_faces:
        name = face.get("name", "")
        detection = Detection(Box(*map(float, face["box"])), 1.0, "source")
        proposals.append(Proposal(detection, name in names, name if name in names else ""))
    if not proposals:
        return Finding(ReviewState.NOTHING, ())
    return Finding(ReviewState.SURE if all(p.kept for p in proposals) else ReviewState.LOOK, tuple(proposals))
