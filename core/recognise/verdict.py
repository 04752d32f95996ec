"""Who is it: match, unsure or unknown, with the candidates and the enrolled faces that speak for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.errors import DataError
from core.recognise.corrections import Corrections, Objection
from core.recognise.gallery import Gallery
from core.recognise.shipped_cast import Likeness
from core.recognise.threshold import Threshold

MATCH, UNSURE, UNKNOWN = "match", "unsure", "unknown"
COLOURLESS = "compared without colours, because this face has none"
ALL_COLOURLESS = "compared without colours, because most enrolled faces have none"
LEAST_TOLD = 0.005
"""What a face needs more or less than most is told from 0.01 on, rounded."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A character and its similarity to the query, -1 to 1: half its mean's, half its nearest face's."""

    character: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """An enrolled face near the query: its id, its character, its similarity."""

    face: str
    character: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Identification:
    """verdict, and why. character: the name for a match or an unsure one, None for unknown: a stranger gets no name.

    similarity: of the best candidate. candidates, evidence: best first. probability: that the best candidate is right,
    where as many strangers as known faces ask; None where too few faces can play the stranger. series: of the character
    that is named, "" where it is not known. looks_like: somebody of the shipped cast, where it was asked about an
    unknown face. needed: the similarity from which this face would be a match, None where nobody is enrolled; a face
    that looks like many strangers needs more than others (core.similarity.cohort). guessed_from: the similarity from
    which it would be unsure.
    """

    verdict: str
    character: str | None
    similarity: float
    candidates: tuple[Candidate, ...]
    evidence: tuple[Evidence, ...]
    reason: str
    probability: float | None = None
    series: str = ""
    looks_like: Likeness | None = None
    needed: float | None = None
    guessed_from: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON form: verdict, character, series, similarity, needed, probability, candidates, evidence, reason;
        looks_like where there is somebody."""
        likeness = {} if self.looks_like is None else {"looks_like": self.looks_like.as_dict()}
        return likeness | {
            "verdict": self.verdict,
            "character": self.character,
            "series": self.series,
            "similarity": round(self.similarity, 4),
            "needed": None if self.needed is None else round(self.needed, 4),
            "probability": None if self.probability is None else round(self.probability, 4),
            "candidates": [{"character": c.character, "similarity": round(c.similarity, 4)} for c in self.candidates],
            "evidence": [
                {"face": e.face, "character": e.character, "similarity": round(e.similarity, 4)} for e in self.evidence
            ],
            "reason": self.reason,
        }


def answer(
    queries: np.ndarray,
    gallery: Gallery,
    threshold: Threshold,
    *,
    candidates: int = 5,
    evidence: int = 6,
    why_colourless: str = ALL_COLOURLESS,
) -> list[Identification]:
    """One Identification for each query, unit embeddings (q, d) of the gallery's encoder.

    The nearest character (see core.similarity.scorer) answers. match: at least threshold.match and threshold.margin
    ahead of the second; unsure: at least threshold.unsure; else unknown. Both thresholds are higher for a face that
    looks like many strangers (threshold.beyond). What a person corrected comes first: a face nearer to a corrected one
    than to its character is not given that name, or none at all (core.recognise.corrections). Where the gallery has a
    shipped cast, it is asked about the faces that are unknown then. why_colourless ends the reasons of a gallery
    without colours, which its evidence, shown in colour, would not tell. Raises DataError where nobody is enrolled
    and there is no such cast.
    """
    if len(gallery) == 0 and gallery.cast is None:
        raise DataError("Nobody is enrolled yet. Enrol the faces of this workspace first.")
    queries = np.asarray(queries, np.float32).reshape(-1, gallery.dim)
    if len(gallery) == 0:
        found = [Identification(UNKNOWN, None, 0.0, (), (), "nobody is enrolled")] * len(queries)
    else:
        found = _answers(queries, gallery, threshold, candidates, evidence)
        if gallery.is_colourless:
            found = [replace(one, reason=f"{one.reason}; {why_colourless}") for one in found]
    return found if gallery.cast is None else _with_likeness(found, gallery.cast.looks_like(queries))


def _with_likeness(found: Sequence[Identification], likeness: Sequence[Likeness | None]) -> list[Identification]:
    return [
        replace(one, looks_like=like) if one.verdict == UNKNOWN else one
        for one, like in zip(found, likeness, strict=True)
    ]


def _answers(
    queries: np.ndarray, gallery: Gallery, threshold: Threshold, candidates: int, evidence: int
) -> list[Identification]:
    names = gallery.search.names
    said = gallery.corrections or Corrections.none(gallery.dim)
    asked = max(candidates, 2) + len(said.names)
    nearest = gallery.search.top(queries, characters=asked, faces=evidence)
    found = []
    beyond = threshold.beyond(queries)
    for row, objection in enumerate(said.heard(queries, gallery.search.centre)):
        ranked = tuple(
            Candidate(names[k], float(s))
            for k, s in zip(nearest.characters[row], nearest.character_similarity[row], strict=True)
        )
        shown = tuple(
            Evidence(gallery.faces[i], gallery.characters[i], float(s))
            for i, s in zip(nearest.faces[row], nearest.face_similarity[row], strict=True)
        )
        found.append(_judged(ranked, shown, objection, gallery, threshold, float(beyond[row]), candidates))
    return found


def _judged(
    ranked: tuple[Candidate, ...],
    shown: tuple[Evidence, ...],
    objection: Objection,
    gallery: Gallery,
    threshold: Threshold,
    beyond: float,
    candidates: int,
) -> Identification:
    """The answer to one query: what was corrected is left out, and the threshold judges the rest."""
    needed, guessed_from = threshold.match + beyond, threshold.unsure + beyond
    left = tuple(c for c in ranked if not objection.denies(c.character, c.similarity))
    denied = len(left) < len(ranked) and left[:1] != ranked[:1]
    if not left or objection.is_nobody(left[0].similarity):
        word = objection.word if objection.is_nobody(left[0].similarity if left else -1.0) else ""
        reason = f"like a face that you said is {word}" if word else _not_said(ranked[0])
        sure = None if threshold.probability is None else 0.0
        best = ranked[0].similarity
        about = best, ranked[:candidates], shown, reason, sure
        return Identification(UNKNOWN, None, *about, needed=needed, guessed_from=guessed_from)
    verdict, reason = decide_verdict(left, threshold, beyond)
    reason = f"{_not_said(ranked[0])}; {reason}" if denied else reason
    name = left[0].character if verdict != UNKNOWN else None
    series = gallery.series.get(name, "") if name else ""
    best, sure = left[0].similarity, _probability(left, threshold, beyond)
    about = best, left[:candidates], shown, reason, sure, series
    return Identification(verdict, name, *about, needed=needed, guessed_from=guessed_from)


def _not_said(candidate: Candidate) -> str:
    return f"like a face that you said is not {candidate.character}"


def _probability(ranked: tuple[Candidate, ...], threshold: Threshold, beyond: float) -> float | None:
    best, second = ranked[0].similarity, ranked[1].similarity if len(ranked) > 1 else -1.0
    if threshold.probability is None:
        return None
    return float(threshold.probability(np.array(best - beyond), np.array(best - second)))


def judge(best: np.ndarray, lead: np.ndarray, threshold: Threshold, beyond: np.ndarray | float = 0.0) -> np.ndarray:
    """The verdicts (n,), as text, on similarities to the nearest character and leads over the second, each (n,).

    match: at least threshold.match and threshold.margin ahead; else unsure: at least threshold.unsure; else unknown.
    beyond (n,): what each face needs beyond both thresholds (threshold.beyond).
    """
    near = (best < threshold.match + beyond) | (lead < threshold.margin)
    verdicts: np.ndarray = np.select([best < threshold.unsure + beyond, near], [UNKNOWN, UNSURE], MATCH)
    return verdicts


def decide_verdict(ranked: tuple[Candidate, ...], threshold: Threshold, beyond: float = 0.0) -> tuple[str, str]:
    """Verdict and reason for candidates, best first; beyond: what the face needs beyond the thresholds.

    Threshold match 0.6, unsure 0.5, margin 0.1: (0.7, 0.5) is a match, (0.7, 0.65) and (0.55, 0.2) are unsure,
    (0.4, 0.1) is unknown. With 0.2 beyond them (0.7, 0.5) is unsure, and the reason says why.
    """
    best = ranked[0].similarity
    lead = best - ranked[1].similarity if len(ranked) > 1 else np.inf
    verdict, usual = (str(judge(np.array(best), np.array(lead), threshold, more)) for more in (beyond, 0.0))
    reason = _reason(verdict, ranked, lead, threshold, beyond)
    told = verdict != usual and abs(beyond) >= LEAST_TOLD
    return verdict, f"{reason}; {_looks_like_strangers(beyond)}" if told else reason


def _reason(verdict: str, ranked: tuple[Candidate, ...], lead: float, threshold: Threshold, beyond: float) -> str:
    best, match = ranked[0].similarity, threshold.match + beyond
    if verdict == UNKNOWN:
        guess = threshold.unsure + beyond
        return f"no enrolled character is similar enough: similarity {best:.2f}, a guess needs {guess:.2f}"
    if verdict == MATCH:
        return f"similarity {best:.2f}, a match needs {match:.2f}"
    if best < match:
        return f"near, but not near enough: similarity {best:.2f}, a match needs {match:.2f}"
    return f"{ranked[1].character} is almost as near: ahead by {lead:.2f}, a match needs {threshold.margin:.2f}"


def _looks_like_strangers(beyond: float) -> str:
    """Why a face has another verdict than most faces of its similarity."""
    if beyond > 0:
        return f"this face looks like many strangers and needs {beyond:.2f} more than most"
    return f"this face looks like few strangers and needs {-beyond:.2f} less than most"


def one_name_each(answers: Sequence[Identification]) -> list[Identification]:
    """The answers to the faces of one picture, of which at most one keeps each name: the most similar match.

    The other matches of that name become unsure, with the reason, and lose their probability, which knew of no other
    face; what was unsure before stays so.
    """
    best: dict[str, int] = {}
    for i, one in enumerate(answers):
        if one.verdict == MATCH and one.character:
            before = best.setdefault(one.character, i)
            if one.similarity > answers[before].similarity:
                best[one.character] = i
    told = []
    for i, one in enumerate(answers):
        if one.verdict == MATCH and one.character and best[one.character] != i:
            why = f"another face on this picture is more like {one.character}"
            reason = f"{why} ({answers[best[one.character]].similarity:.2f})"
            one = replace(one, verdict=UNSURE, reason=reason, probability=None)
        told.append(one)
    return told
