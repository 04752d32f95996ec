"""What keeps a gallery from being recognised at the chosen rate, and what would help: sentences, most useful first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.recognise.gallery import Gallery
from core.recognise.threshold import UNSURE_MOST, Threshold, choose_threshold
from core.similarity.cohort import Cohort, beyond
from core.similarity.scorer import CharacterScorer

GOOD = 8
"""Faces of a character from which more of them help little: at 24 instead of 8, 2 of 100 more were named."""
FEW_NAMED = 0.5
"""Characters with a smaller share of their faces named are told."""
HARDLY = 0.1
"""With a smaller share of all enrolled faces named, more pictures help none of them: of such characters 1 to 3 of 100
faces were named with two or three enrolled faces each and 1 with five; others gained 4 to 32 (benchmarks.advice)."""
JUDGED = 40
"""Enrolled faces from which that share is believed: of 24 it was under a tenth for casts that gained 5 to 8 of 100."""
OFTENER = 5.0
"""So many times the rate is told beside it."""
ASKED = 5000
TOGETHER = 500
"""Faces that are judged at a time, about."""
TOLD = 3
"""So many characters, or pairs of them, are named at most."""


@dataclass(frozen=True, slots=True)
class CharacterOutlook:
    """named: share of its enrolled faces (asked without themselves) that reach a match, nan where it has only one.
    rival: the character that its faces come nearest to instead; taken: how many of those judged would get that name."""

    character: str
    faces: int
    named: float
    rival: str
    taken: int


@dataclass(frozen=True)
class Chances:
    """What a character's outlook at any threshold is read from: similarities of its judged faces, float32 (k,), less
    what each needs beyond the threshold.

    own: to itself, each face without its own part; to_rival: to its rival, the other character that most of them are
    nearest to ("" where there is none).
    """

    character: str
    faces: int
    own: np.ndarray
    rival: str
    to_rival: np.ndarray

    def at(self, match: float) -> CharacterOutlook:
        """Its outlook at a threshold."""
        named = float((self.own >= match).mean()) if self.faces > 1 else float("nan")
        return CharacterOutlook(self.character, self.faces, named, self.rival, int((self.to_rival >= match).sum()))


def chances(gallery: Gallery, cohort: Cohort | None = None) -> tuple[Chances, ...]:
    """Each character's chances, judged by its own enrolled faces, in the order of their names. cohort: as for the
    scores (core.recognise.threshold).

    Of more than ASKED faces so many are judged: as many of each character as that allows, two at least, and of more
    characters than half of them every second, third and so on.
    """
    if len(gallery) == 0:
        return ()
    enrolled = CharacterScorer.of(gallery.embeddings, gallery.characters)
    found = []
    for at in _parts(enrolled):
        asked = enrolled.order[at]
        similarity, owner = enrolled.leave_one_out(asked)
        similarity -= beyond(gallery.embeddings[asked], cohort)[:, None]
        found += [_chances(enrolled, int(k), similarity[owner == k]) for k in np.unique(owner)]
    return tuple(found)


def outlooks(found: Sequence[Chances], match: float) -> list[CharacterOutlook]:
    """Their outlooks at a threshold, worst first."""
    rows = [one.at(match) for one in found]
    return sorted(rows, key=lambda row: (np.nan_to_num(row.named, nan=-1.0), row.faces, row.character))


def _parts(enrolled: CharacterScorer) -> list[np.ndarray]:
    """The rows that are judged, several whole characters at a time."""
    owner, n, c = enrolled.owner, len(enrolled.owner), len(enrolled.names)
    judged = np.ones(n, bool)
    if n > ASKED:
        count = np.bincount(owner, minlength=c)[owner]
        each = np.minimum(count, max(ASKED // c, 2))
        judged = (np.arange(n) - enrolled.starts[owner]) * each % count < each  # `each` of `count`, evenly
        judged &= owner % -(-2 * c // ASKED) == 0
    rows = np.flatnonzero(judged)
    new = np.flatnonzero(np.diff(owner[rows], prepend=-1))  # where the next character begins
    cuts = new[np.flatnonzero(np.diff(new // TOGETHER, prepend=0))]
    return np.split(rows, cuts)


def _chances(enrolled: CharacterScorer, number: int, own: np.ndarray) -> Chances:
    """own (k, c): similarities of k of its faces to all characters."""
    end = enrolled.starts[number + 1] if number + 1 < len(enrolled.names) else len(enrolled.owner)
    faces, name = int(end - enrolled.starts[number]), enrolled.names[number]
    if len(enrolled.names) == 1:
        return Chances(name, faces, own[:, number], "", own[:0, number])
    others = own.copy()
    others[:, number] = -np.inf
    nearest = int(np.bincount(others.argmax(axis=1)).argmax())
    return Chances(name, faces, own[:, number].copy(), enrolled.names[nearest], others[:, nearest].copy())


def advice(found: Sequence[Chances], threshold: Threshold) -> tuple[str, ...]:
    """What would let more faces be named at this rate; empty where nothing stands in the way."""
    rows = outlooks(found, threshold.match)
    hardly = hardly_any(found, threshold.match)
    weak = [] if hardly else [row for row in rows if not row.named >= FEW_NAMED]
    told = _cannot(found, threshold) if hardly else []
    few = [row for row in weak if row.faces < GOOD]
    if few:
        asks = ", ".join(f"{row.character} ({GOOD - row.faces} more)" for row in few[:TOLD])
        rest = f" and {len(few) - TOLD} more characters" if len(few) > TOLD else ""
        told.append(f"At {threshold.far:.1%} few of their faces are named; more pictures would help: {asks}{rest}.")
    alike = [row for row in rows if row.taken]
    if alike:
        pairs = ", ".join(f"{row.character} like {row.rival}" for row in alike[:TOLD])
        told.append(f"To the encoder some look alike ({pairs}): check their labels, or train on these characters.")
    enough = [row for row in weak if row.faces >= GOOD]
    if enough:
        names = ", ".join(row.character for row in enough[:TOLD])
        told.append(
            f"The faces of {names} differ more among themselves than strangers do: split outfits or forms that "
            "look like two characters, or train on them."
        )
    return tuple(told)


def hardly_any(found: Sequence[Chances], match: float) -> bool:
    """Whether so few of all enrolled faces reach a match that the data cannot support the rate."""
    own = _all_own(found)
    return len(own) >= JUDGED and float((own >= match).mean()) < HARDLY


def _cannot(found: Sequence[Chances], threshold: Threshold) -> list[str]:
    """That the data cannot support the rate, and what a higher one would name."""
    own, rate = _all_own(found), OFTENER * threshold.far
    named = _of_100(own, threshold.match)
    told = [
        f"At {threshold.far:.1%} hardly any face can be named: {named} of 100 enrolled ones, each asked as if it were "
        "new. Where their names are right, the encoder does not tell these characters from strangers, and more "
        "pictures change little."
    ]
    if rate <= UNSURE_MOST:
        higher = _of_100(own, choose_threshold(threshold.scores, rate).match)
        told += [f"At {rate:.1%} it would be {higher} of 100."] if higher > named else []
    return told


def _all_own(found: Sequence[Chances]) -> np.ndarray:
    """What all judged faces score with their own characters, those left out that are the only one of theirs."""
    return np.concatenate([one.own for one in found if one.faces > 1] or [np.empty(0, np.float32)])


def _of_100(own: np.ndarray, match: float) -> int:
    return round(100 * float((own >= match).mean()))
