"""What keeps a gallery from being recognised at the chosen rate, and what would help: sentences, most useful first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.recognise.gallery import Gallery
from core.recognise.threshold import Threshold
from core.similarity.scorer import CharacterScorer

GOOD = 8
"""Faces of a character from which more of them help little: at 24 instead of 8, 2 of 100 more were named."""
FEW_NAMED = 0.5
"""Characters with a smaller share of their faces named are told."""
TOLD = 3
"""So many characters, or pairs of them, are named at most."""


@dataclass(frozen=True, slots=True)
class CharacterOutlook:
    """named: share of its enrolled faces (asked without themselves) that reach a match, nan where it has only one.
    rival: the character that its faces come nearest to instead, and how many of them would be given that name."""

    character: str
    faces: int
    named: float
    rival: str
    taken: int


def outlooks(gallery: Gallery, match: float) -> list[CharacterOutlook]:
    """Each character's chances at a threshold, judged by its own enrolled faces, worst first."""
    enrolled = CharacterScorer.of(gallery.embeddings, gallery.characters)
    similarity, owner = enrolled.leave_one_out()
    rows = []
    for number, name in enumerate(enrolled.names):
        own = similarity[owner == number]
        genuine, others = own[:, number], np.delete(own, number, axis=1)
        named = float((genuine >= match).mean()) if len(own) > 1 else float("nan")
        rival, taken = "", 0
        if others.shape[1]:
            rivals = [other for other in enrolled.names if other != name]
            nearest = int(np.bincount(others.argmax(axis=1), minlength=len(rivals)).argmax())
            rival, taken = rivals[nearest], int((others[:, nearest] >= match).sum())
        rows.append(CharacterOutlook(name, len(own), named, rival, taken))
    return sorted(rows, key=lambda row: (np.nan_to_num(row.named, nan=-1.0), row.faces, row.character))


def advice(gallery: Gallery, threshold: Threshold) -> tuple[str, ...]:
    """What would let more faces be named at this rate; empty where nothing stands in the way."""
    if len(gallery) == 0:
        return ()
    rows = outlooks(gallery, threshold.match)
    weak = [row for row in rows if not row.named >= FEW_NAMED]
    found = []
    few = [row for row in weak if row.faces < GOOD]
    if few:
        asks = ", ".join(f"{row.character} ({GOOD - row.faces} more)" for row in few[:TOLD])
        rest = f" and {len(few) - TOLD} more characters" if len(few) > TOLD else ""
        found.append(f"At {threshold.far:.1%} few of their faces are named; more pictures would help: {asks}{rest}.")
    alike = [row for row in rows if row.taken]
    if alike:
        pairs = ", ".join(f"{row.character} like {row.rival}" for row in alike[:TOLD])
        found.append(f"To the encoder some look alike ({pairs}): check their labels, or train on these characters.")
    enough = [row for row in weak if row.faces >= GOOD]
    if enough:
        names = ", ".join(row.character for row in enough[:TOLD])
        found.append(
            f"The faces of {names} differ more among themselves than strangers do: split outfits or forms that "
            "look like two characters, or train on them."
        )
    return tuple(found)
