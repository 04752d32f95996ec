"""From which similarity on a face is named: chosen for a false-accept rate, from the scores of strangers.

The false-accept rate here is the share of strangers' faces that would get a name. Strangers are, best first: a bank of
real faces moved to the gallery's style (core.similarity.calibration; it exists for the shipped encoder), held-out
characters, the stricter of drawn faces moved likewise (core.workspace.drawn_strangers) and enrolled faces with their
hues turned (core.recognise.synthetic_impostors), or the enrolled faces themselves, each asked to the gallery without
its character. The similarity of each enrolled face to its own
character, asked to the gallery without just itself, is a genuine score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np

from core.recognise.gallery import Gallery
from core.recognise.impostors import Bank
from core.similarity.calibration import stranger_scores, trained_stranger_scores
from core.similarity.cohort import Cohort, beyond
from core.similarity.metrics import threshold_at_far
from core.similarity.probability import MatchProbability
from core.similarity.scorer import CharacterScorer

FALLBACK = 0.5
"""Similarity to be reached where the faces are too few to tell."""
SMALLEST_MARGIN = 0.08
"""The best character leads the second by so much at least: of faces that would get a wrong name at a rate of 5 % every
fourth is then unsure, and of those named rightly 1 of 150 (docs/verdict.md)."""
UNSURE_TIMES = 5.0
"""`unsure` begins where so many times the false-accept rate would be accepted, at most UNSURE_MOST."""
UNSURE_MOST = 0.2
FEWEST = 10
"""Impostor scores under which nothing is estimated."""
ENOUGH = 30
"""Strangers, held out or pretended, that are believed rather than the gallery itself."""
TAIL = 5
"""Impostors that must lie above an empirical threshold; with fewer, a tail is fitted."""
ASKED = 5000
"""Enrolled faces of a larger gallery that are asked to it: the share of them above a threshold is then known to 0.14 of
100 at a rate of 1 %, two standard deviations 0.28."""
MANY = 1000
"""Impostor scores from which the highest twentieth shows the tail (peaks over a threshold; Coles 2001, chapter 4)."""


WHO = (
    "faces of characters who are not enrolled, moved to where strangers of this gallery's style lie",
    "faces of characters who are not enrolled, carried over from the encoder before its training",
)
HELD_OUT = "faces of held-out strangers"
TURNED = "enrolled faces with their hues turned"
DRAWN = "drawn faces, moved to where strangers of this gallery's style lie"
STRICTER = 0.01
"""The rate at which two kinds of pretended strangers are held against each other."""
EACH_ITS_OWN = "a face that looks like many strangers needs more, one that looks like few needs less"


@dataclass(frozen=True)
class Scores:
    """genuine, impostor: float32 arrays of similarities, less what each face needs beyond the threshold where there is
    a cohort. gaps: best minus second-best of known faces; right: whether the best was their character. who: whose the
    impostor scores are, in words."""

    genuine: np.ndarray
    impostor: np.ndarray
    gaps: np.ndarray
    right: np.ndarray
    who: str = "enrolled faces, each as if its character were not enrolled"
    cohort: Cohort | None = None


def leave_one_out(embeddings: np.ndarray, characters: Sequence[str], cohort: Cohort | None = None) -> Scores:
    """The scores of a gallery (n, d) with itself, each face against prototypes and faces that it had no part in.

    Of more than ASKED faces, so many ask, spread evenly over the characters: all take the square of their number.
    """
    if len(embeddings) == 0:
        none = np.array([], np.float32)
        return Scores(none, none, none, np.array([], bool))
    enrolled = CharacterScorer.of(embeddings, characters)
    asked = enrolled.spread(ASKED)
    needed, parts = beyond(np.asarray(embeddings)[asked], cohort), []
    for similarity, own in enrolled.leave_one_out_parts(asked):
        parts.append(_scores(similarity, own, needed[: len(own)]))
        needed = needed[len(own) :]
    genuine, impostor, gaps, right = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("genuine", "impostor", "gaps", "right")
    )
    return Scores(genuine, impostor, gaps, right, cohort=cohort)


def ask(embeddings: np.ndarray, characters: Sequence[str], queries: np.ndarray, labels: Sequence[str]) -> Scores:
    """The scores of other faces: queries (q, d), labels their true characters; those of nobody enrolled are strangers.

    For validation faces and held-out strangers, which judge more honestly than the gallery itself.
    """
    enrolled = CharacterScorer.of(embeddings, characters)
    column = {name: k for k, name in enumerate(enrolled.names)}
    own = np.array([column.get(str(name), -1) for name in labels], int)
    return _scores(enrolled.class_similarity(queries), own, beyond(queries, None))


def gallery_scores(gallery: Gallery, strangers: np.ndarray | None = None, bank: Bank | None = None) -> Scores:
    """The best scores there are for a threshold. strangers (s, d): embeddings of held-out characters' faces, if any;
    bank: faces of many other characters (core.recognise.impostors), if there is one.

    Fewer than 30 of one kind give way to the next: the gallery's own bank, held-out strangers, the bank of the encoder
    that the gallery's was trained from, drawn faces or faces with turned hues, whichever score higher, the gallery.
    Turned faces are hardly strangers to an encoder that knows their style, drawn ones to one that learned from the
    enrolled faces alone: neither is believed where the other asks for more.
    """
    held_out = strangers is not None and len(strangers) >= ENOUGH
    own = gallery.embeddings, gallery.characters
    if bank is not None and len(bank.vectors) >= ENOUGH and len(gallery) and not (bank.before is not None and held_out):
        if bank.before is None:
            found = stranger_scores(*own, bank.vectors, strangers, bank.cohort)
        else:
            found = trained_stranger_scores(own[0], bank.before, own[1], bank.vectors, bank.cohort)
        return replace(leave_one_out(*own, found.cohort), impostor=found.scores, who=WHO[bank.before is not None])
    scores = leave_one_out(*own)
    if strangers is not None and held_out and len(gallery):
        return replace(scores, impostor=ask(*own, strangers, [""] * len(strangers)).impostor, who=HELD_OUT)
    pretenders = _pretenders(gallery, scores)
    return max(pretenders, key=lambda found: _at(found.impostor, STRICTER)[0]) if pretenders else scores


def _pretenders(gallery: Gallery, scores: Scores) -> list[Scores]:
    """The scores of each kind of pretended strangers that the gallery has enough of. scores: the gallery's own."""
    found, own = [], (gallery.embeddings, gallery.characters)
    if not len(gallery):
        return []
    if gallery.pretended is not None and len(gallery.pretended) >= ENOUGH:
        turned = ask(*own, gallery.pretended, [""] * len(gallery.pretended)).impostor
        found.append(replace(scores, impostor=turned, who=TURNED))
    if gallery.drawn is not None and len(gallery.drawn) >= ENOUGH:
        cohort = Cohort.of(gallery.drawn)
        drawn = stranger_scores(*own, gallery.drawn, None, cohort).scores
        found.append(replace(leave_one_out(*own, cohort), impostor=drawn, who=DRAWN))
    return found


def _scores(similarity: np.ndarray, own: np.ndarray, needed: np.ndarray) -> Scores:
    """similarity (q, c) to characters, own (q,): the column of the true one, -1 for a stranger. needed (q,): what each
    face needs beyond the threshold."""
    known = np.flatnonzero(own >= 0)
    genuine, others = similarity[known, own[known]], similarity.copy()
    others[known, own[known]] = -np.inf
    against = others.max(axis=1)
    judged = np.isfinite(genuine)  # the only face of its character has nothing to be compared with
    genuine, rival = genuine[judged], np.maximum(against[known][judged], -1.0)
    impostor = (against - needed)[np.isfinite(against)]
    return Scores(genuine - needed[known][judged], impostor, np.abs(genuine - rival), genuine > rival)


@dataclass(frozen=True)
class Threshold:
    """match: similarity from which a face is named; unsure: from which it is a guess; both for a usual face, and
    `beyond` tells what another one needs more or less. margin: by how much the best character must lead the second.
    far: the false-accept rate it was chosen for. note: how, in words. advice: what would let more faces be named, in
    sentences."""

    match: float
    unsure: float
    margin: float
    far: float
    note: str
    scores: Scores
    advice: tuple[str, ...] = ()

    def beyond(self, vectors: np.ndarray) -> np.ndarray:
        """What unit vectors (q, d) of the gallery's encoder need beyond `match` and `unsure`: float32 (q,), 0 without a
        bank of strangers."""
        return beyond(vectors, self.scores.cohort)

    @cached_property
    def probability(self) -> MatchProbability | None:
        """Tells how probably the best character is right, from similarities less what each face needs beyond the
        threshold; None where too few faces can play the stranger."""
        if len(self.scores.impostor) < FEWEST:
            return None
        return MatchProbability.of(self.scores.genuine, self.scores.impostor)

    def as_dict(self) -> dict[str, Any]:
        """For JSON, without the scores."""
        numbers = {key: round(getattr(self, key), 4) for key in ("match", "unsure", "margin", "far")}
        return numbers | {"note": self.note}


def choose_threshold(scores: Scores, far: float = 0.01) -> Threshold:
    """The threshold that accepts a share `far` of the impostor scores, as well as so many scores can tell.

    With at least 5 impostors beyond it, the empirical one; with fewer, that of a tail fitted to them (exponential from
    1000 scores on, else normal); under 10 scores a fixed value; the note says which. far must lie between 0 and 1
    (ValueError).
    """
    if not 0 < far < 1:
        raise ValueError(f"A false-accept rate lies between 0 and 1, for example 0.01; got {far}.")
    n = len(scores.impostor)
    if n < FEWEST:
        note = f"only {n} faces can play the stranger (10 are needed): the threshold is a general {FALLBACK}"
        return Threshold(FALLBACK, FALLBACK - 0.1, SMALLEST_MARGIN, far, note, scores)
    match, how = _at(scores.impostor, far)
    unsure, _ = _at(scores.impostor, min(UNSURE_TIMES * far, max(UNSURE_MOST, far)))
    note = f"chosen so that {far:.1%} of strangers' faces would be named: {how} of {n} {scores.who}"
    note += "" if scores.cohort is None else f"; {EACH_ITS_OWN}"
    return Threshold(match, min(unsure, match), _margin(scores), far, note, scores)


def histogram(scores: Scores, bins: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Edges float (bins + 1,) around all scores, and the shares of genuine and of impostor scores in each bin."""
    both = np.concatenate([scores.genuine, scores.impostor])
    low, high = (float(both.min()), float(both.max())) if len(both) else (0.0, 1.0)
    edges = np.linspace(low, high if high > low else low + 1e-3, bins + 1)
    counts = [np.histogram(values, edges)[0] / max(len(values), 1) for values in (scores.genuine, scores.impostor)]
    return edges, counts[0], counts[1]


def _at(impostor: np.ndarray, far: float) -> tuple[float, str]:
    if len(impostor) * far >= TAIL:
        return threshold_at_far(impostor, far), "the scores"
    if len(impostor) >= MANY:
        start = threshold_at_far(impostor, TAIL / len(impostor))
        top = np.sort(impostor)[-len(impostor) // 20 :]
        excess = float(top.mean() - top[0])  # exponential: above any score of the tail the rest lie as far on average
        fitted = start + excess * math.log(TAIL / len(impostor) / far)
        return min(fitted, 0.999), "an exponential tail fitted to the highest scores"
    fitted = NormalDist(float(impostor.mean()), max(float(impostor.std()), 1e-6)).inv_cdf(1 - far)
    return min(fitted, 0.999), "a normal distribution fitted to the scores"


def _margin(scores: Scores) -> float:
    """What 9 of 10 wrong answers stay under, but not more than 1 of 10 right ones do; at least SMALLEST_MARGIN."""
    wrong, right = scores.gaps[~scores.right], scores.gaps[scores.right]
    if not len(wrong) or not len(right):
        return SMALLEST_MARGIN
    return max(float(min(np.quantile(wrong, 0.9), np.quantile(right, 0.1))), SMALLEST_MARGIN)
