"""The figures of an evaluation report, each with how many faces it rests on and an interval by resampling characters.

Faces of one character are alike, so characters are drawn, not faces (cluster bootstrap; Davison and Hinkley 1997, 3.8).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import DataError
from core.similarity import metrics
from core.similarity.bootstrap import Figure, bootstrap, figure_of, weighted_mean
from core.similarity.intervals import share_interval
from core.similarity.pair_figures import pair_figures, roc_points
from core.similarity.probability import MatchProbability, ReliabilityRow, expected_calibration_error, reliability
from core.similarity.scorer import CharacterScorer

RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
TOLD_RATES = (0.01, 0.05)
FEWEST = 10
"""Strangers' faces under which no probability is judged."""


@dataclass(frozen=True)
class ReportFaces:
    """queries (q, d), enrolled (g, d) and strangers (s, d), who may be none: unit, with their characters' names."""

    queries: np.ndarray
    query_names: np.ndarray
    enrolled: np.ndarray
    enrolled_names: np.ndarray
    strangers: np.ndarray
    stranger_names: np.ndarray


@dataclass(frozen=True)
class _Strangers:
    """Best similarity and lead over the second of each stranger's face, its group in the bootstrap; who they are."""

    best: np.ndarray
    leads: np.ndarray
    groups: np.ndarray
    words: str


@dataclass(frozen=True, slots=True)
class CharacterFigures:
    """One character: its n queries, the share named rightly (with a 95 % interval), its MAP@R (nan for one face)."""

    character: str
    n: int
    right: float
    low: float
    high: float
    map_at_r: float


@dataclass(frozen=True, slots=True)
class ConfusedFaces:
    """`times` of `of` queries of a character were taken for another. pairs: such a query, and the enrolled face of the
    other character that is nearest to it (rows of queries and of enrolled)."""

    character: str
    taken_for: str
    times: int
    of: int
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Report:
    """What a report shows. roc: points (far, tar). identification: (far, rate, low, high). impostors: whose scores
    stand for strangers, in words; reliability and calibration: of the probabilities that are told."""

    figures: tuple[Figure, ...]
    roc: tuple[tuple[float, float], ...]
    identification: tuple[tuple[float, float, float, float], ...]
    impostors: str
    by_character: tuple[CharacterFigures, ...]
    confusions: tuple[ConfusedFaces, ...]
    reliability: tuple[ReliabilityRow, ...]
    calibration: Figure


def make_report(faces: ReportFaces) -> Report:
    """All figures of queries against enrolled faces, and of queries among themselves. Raises DataError for none."""
    known = np.isin(faces.query_names, faces.enrolled_names)
    if not known.any():
        raise DataError("A report needs enrolled faces and others of the same characters that ask. Balance first.")
    names = faces.query_names[known]
    scorer = CharacterScorer.of(faces.enrolled, faces.enrolled_names)
    scores = scorer.class_similarity(faces.queries[known])
    answers = np.asarray(scorer.names)[scores.argmax(axis=1)]
    right = answers == names
    strangers = _strangers(faces, scorer, scores, names)
    found = _ranking_figures(faces)
    top1 = figure_of("named rightly (top-1)", names, lambda w: weighted_mean(right, w))
    rates = [far for far in RATES if far in TOLD_RATES or far * len(strangers.best) >= 1]
    identified = [_identification(far, scores.max(axis=1), right, names, strangers) for far in rates]
    rows, error = _calibration(scorer, scores, right, names, strangers)
    told = [
        Figure(f"named rightly where {far:.0%} of strangers are named", *row[1:], len(names))
        for far, row in zip(rates, identified, strict=True)
        if far in TOLD_RATES
    ]
    return Report(
        (top1, *told, *found, *pair_figures(faces.queries, faces.query_names)),
        roc_points(faces.queries, faces.query_names),
        tuple(identified),
        strangers.words,
        _by_character(faces, names, right),
        _confusions(faces, np.flatnonzero(known), answers),
        tuple(rows),
        error,
    )


def _ranking_figures(faces: ReportFaces) -> list[Figure]:
    """Of the queries among themselves: recall@k, precision@k, MAP@R."""
    ranking = metrics.rank_among(metrics.cosine(faces.queries, faces.queries), faces.query_names)
    asked = ranking.answerable
    if not asked.any():
        return []
    kinds: list[tuple[str, np.ndarray]] = [(f"recall@{k}", metrics.hit_at_k(ranking, k)) for k in (1, 5, 10)]
    kinds += [(f"precision@{k}", metrics.precision_at_k(ranking, k)) for k in (1, 5)]
    kinds.append(("MAP@R", metrics.map_at_r(ranking)))
    return [
        figure_of(name, faces.query_names[asked], lambda w, own=values[asked]: weighted_mean(own, w))  # type: ignore[misc]
        for name, values in kinds
    ]


def _strangers(faces: ReportFaces, scorer: CharacterScorer, scores: np.ndarray, names: np.ndarray) -> _Strangers:
    """Held-out characters where there are some, else each query without its own character."""
    if len(faces.strangers):
        found = scorer.class_similarity(faces.strangers)
        groups = np.char.add("\0", faces.stranger_names.astype(str))
        return _Strangers(found.max(axis=1), _leads(found), groups, "faces of held-out characters")
    if len(scorer.names) < 3:
        none = np.empty(0)
        return _Strangers(none, none, np.empty(0, str), "none: at least three characters are needed")
    own = np.searchsorted(np.asarray(scorer.names), names)
    others = scores[np.arange(scores.shape[1]) != own[:, None]].reshape(len(names), -1)
    words = "each query, asked as if its character were not enrolled"
    return _Strangers(others.max(axis=1), _leads(others), names, words)


def _identification(
    far: float, best: np.ndarray, right: np.ndarray, names: np.ndarray, strangers: _Strangers
) -> tuple[float, float, float, float]:
    """(far, rate, low, high): queries named rightly and accepted at the threshold that accepts `far` of strangers."""
    if not len(strangers.best):
        return far, float("nan"), float("nan"), float("nan")
    everything, n = np.concatenate([names, strangers.groups]), len(names)

    def rate(weights: np.ndarray) -> float:
        drawn = np.repeat(strangers.best, weights[n:].astype(int))
        if not len(drawn):
            return float("nan")
        return weighted_mean((best >= metrics.threshold_at_far(drawn, far)) & right, weights[:n])

    return (far, rate(np.ones(len(everything))), *bootstrap(everything, rate))


def _calibration(
    scorer: CharacterScorer, scores: np.ndarray, right: np.ndarray, names: np.ndarray, strangers: _Strangers
) -> tuple[list[ReliabilityRow], Figure]:
    """The reliability of the probability that the best character is right, as many strangers as known faces asking."""
    name = "calibration error (ECE)"
    if len(strangers.best) < FEWEST:
        return [], Figure(name, float("nan"), float("nan"), float("nan"), 0)
    similarity, owner = scorer.leave_one_out()
    own = similarity[np.arange(len(owner)), owner]
    probability = MatchProbability.of(own[np.isfinite(own)], strangers.best)
    told = np.concatenate(
        [probability(scores.max(axis=1), _leads(scores)), probability(strangers.best, strangers.leads)]
    )
    held = np.concatenate([right, np.zeros(len(strangers.best), bool)])
    fair = np.repeat([1 / len(right), 1 / len(strangers.best)], [len(right), len(strangers.best)])

    def error(weights: np.ndarray) -> float:
        return expected_calibration_error(reliability(told, held, weights * fair))

    groups = np.concatenate([names, strangers.groups])
    return reliability(told, held, fair), figure_of(name, groups, error)


def _leads(scores: np.ndarray) -> np.ndarray:
    """Best minus second-best of each row; with one column, by how much it is above -1."""
    if scores.shape[1] == 1:
        return np.asarray(scores[:, 0] + 1)
    top = np.sort(scores, axis=1)[:, -2:]
    return np.asarray(top[:, 1] - top[:, 0])


def _by_character(faces: ReportFaces, names: np.ndarray, right: np.ndarray) -> tuple[CharacterFigures, ...]:
    """Worst first."""
    ranking = metrics.rank_among(metrics.cosine(faces.queries, faces.queries), faces.query_names)
    among = {row.character: row.map_at_r for row in metrics.per_character(ranking, faces.query_names)}
    rows = []
    for name in np.unique(names):
        own = right[names == name]
        interval = share_interval(int(own.sum()), len(own))
        mean = among.get(str(name), float("nan"))
        rows.append(CharacterFigures(str(name), len(own), float(own.mean()), *interval, mean))
    return tuple(sorted(rows, key=lambda row: (row.right, np.nan_to_num(row.map_at_r), row.character)))


def _confusions(
    faces: ReportFaces, rows: np.ndarray, answers: np.ndarray, *, limit: int = 12, examples: int = 4
) -> tuple[ConfusedFaces, ...]:
    """The pairs of characters that are confused most often, with faces."""
    names, found = faces.query_names[rows], []
    for pair in metrics.confused_pairs(names, answers)[:limit]:
        own = rows[(names == pair.character) & (answers == pair.taken_for)][:examples]
        others = np.flatnonzero(faces.enrolled_names == pair.taken_for)
        nearest = others[metrics.cosine(faces.queries[own], faces.enrolled[others]).argmax(axis=1)]
        pairs = tuple((int(a), int(b)) for a, b in zip(own, nearest, strict=True))
        of = int((names == pair.character).sum())
        found.append(ConfusedFaces(pair.character, pair.taken_for, pair.times, of, pairs))
    return tuple(found)
