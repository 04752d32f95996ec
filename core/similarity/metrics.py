"""How well embeddings tell characters apart: pure functions, arrays in, numbers out.

Words: a *query* asks, the *gallery* answers in the order of falling similarity. R is the number of
gallery faces of the query's character. A query without any (R = 0) cannot be answered and counts nowhere.
Similarity is the cosine of L2-normalised embeddings, higher is nearer. Scores are *genuine* (two faces of
one character) or *impostor* (of two).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Labels = Sequence[str] | np.ndarray
"""A name, or a number, for each row of an array."""

CHUNK = 2048
"""So many queries are ranked at once: the index matrix of a large set would not fit into memory."""


def cosine(queries: np.ndarray, gallery: np.ndarray) -> np.ndarray:
    """Similarities float32 (q, g) of L2-normalised embeddings (q, d) and (g, d)."""
    return np.asarray(queries, np.float32) @ np.asarray(gallery, np.float32).T


@dataclass(frozen=True)
class Ranking:
    """Which gallery faces are of the query's character, nearest first.

    matches: bool (q, g). relevant: int (q,), R of each query. Made by `rank` or `rank_among`.
    """

    matches: np.ndarray
    relevant: np.ndarray

    @property
    def answerable(self) -> np.ndarray:
        """bool (q,): the queries with R > 0."""
        return self.relevant > 0

    def mean(self, values: np.ndarray) -> float:
        """Mean over the answerable queries; nan where there is none."""
        return float(values[self.answerable].mean()) if self.answerable.any() else float("nan")


def rank(similarity: np.ndarray, query_labels: Labels, gallery_labels: Labels) -> Ranking:
    """Order the gallery for each query by falling similarity (q, g); equal ones keep the gallery's order.

    >>> rank(np.array([[0.1, 0.9, 0.5]]), ["a"], ["a", "a", "b"]).matches
    array([[ True, False,  True]])
    """
    return _rank(np.asarray(similarity), query_labels, gallery_labels, alone=False)


def rank_among(similarity: np.ndarray, labels: Labels) -> Ranking:
    """Order all other faces for each face: similarity (n, n), a face never answers itself; matches (n, n - 1).

    >>> rank_among(np.array([[1, 0.9, 0.1], [0.9, 1, 0.2], [0.1, 0.2, 1]]), ["a", "a", "b"]).matches
    array([[ True, False],
           [ True, False],
           [False, False]])
    """
    return _rank(np.asarray(similarity), labels, labels, alone=True)


def _rank(similarity: np.ndarray, query_labels: Labels, gallery_labels: Labels, *, alone: bool) -> Ranking:
    queries, gallery = np.asarray(query_labels), np.asarray(gallery_labels)
    if similarity.shape != (len(queries), len(gallery)):
        raise ValueError(
            f"{len(queries)} queries and {len(gallery)} gallery faces, but similarities {similarity.shape}."
        )
    matches = np.empty((len(queries), max(len(gallery) - alone, 0)), bool)
    for start in range(0, len(queries), CHUNK):
        rows = np.arange(start, min(start + CHUNK, len(queries)))
        order = np.argsort(-similarity[rows], axis=1, kind="stable")
        if alone:
            order = order[order != rows[:, None]].reshape(len(rows), -1)
        matches[rows] = gallery[order] == queries[rows, None]
    return Ranking(matches, matches.sum(axis=1))


# --- ranking -------------------------------------------------------------------------------------------


def precision_at_k(ranking: Ranking, k: int) -> np.ndarray:
    """Share of the query's character among the k nearest, a query: hits in the first k / k. float (q,).

    Matches [T F T F F] give 1 at k = 1, 0.5 at 2, 0.4 at 5. A gallery smaller than k counts as missing.
    """
    share: np.ndarray = ranking.matches[:, :k].sum(axis=1) / k
    return share


def precision_at_k_limit(ranking: Ranking, k: int) -> np.ndarray:
    """The most that precision_at_k can be, a query: min(R, k) / k. float (q,).

    Two other faces of the query's character give 0.4 at k = 5, however good the encoder is.
    """
    limit: np.ndarray = np.minimum(ranking.relevant, k) / k
    return limit


def hit_at_k(ranking: Ranking, k: int) -> np.ndarray:
    """1 where any of the k nearest is of the query's character, else 0 (also called recall@k, CMC(k)). float (q,).

    Matches [F F T F F] give 0 at k = 2 and 1 at k = 3.
    """
    return ranking.matches[:, :k].any(axis=1).astype(float)


def cmc(ranking: Ranking, depth: int) -> np.ndarray:
    """Cumulative match characteristic: mean hit@1, hit@2 ... hit@depth over the answerable queries. float (depth,).

    Two queries, matches [F T F] and [T F F], give (0.5, 1, 1).
    """
    padded = np.zeros((len(ranking.matches), depth), bool)
    width = min(depth, ranking.matches.shape[1])
    padded[:, :width] = ranking.matches[:, :width]
    found = np.logical_or.accumulate(padded, axis=1)[ranking.answerable]
    return found.mean(axis=0) if len(found) else np.full(depth, np.nan)


def r_precision(ranking: Ranking) -> np.ndarray:
    """Hits among the R nearest / R, a query. float (q,). R = 2 and matches [T F T F] give 0.5."""
    share: np.ndarray = (ranking.matches & _within_r(ranking)).sum(axis=1) / np.maximum(ranking.relevant, 1)
    return share


def map_at_r(ranking: Ranking) -> np.ndarray:
    """Mean average precision at R, a query: 1/R x sum over i = 1..R of precision@i where the i-th is a hit.

    R = 3 and matches [T F T F] give (1/1 + 2/3) / 3 = 0.556. float (q,). Musgrave et al., "A Metric Learning
    Reality Check" (arXiv 2003.08505), section 3.2: it rewards clusters, where recall@1 is soon saturated.
    """
    hits = ranking.matches & _within_r(ranking)
    places = np.arange(1, hits.shape[1] + 1)
    mean: np.ndarray = (np.cumsum(hits, axis=1) / places * hits).sum(axis=1) / np.maximum(ranking.relevant, 1)
    return mean


def _within_r(ranking: Ranking) -> np.ndarray:
    return np.arange(ranking.matches.shape[1]) < ranking.relevant[:, None]


# --- verification --------------------------------------------------------------------------------------


def pair_scores(similarity: np.ndarray, labels: Labels) -> tuple[np.ndarray, np.ndarray]:
    """Genuine and impostor scores of all pairs i < j of n faces: similarity (n, n) -> two float32 arrays."""
    labels = np.asarray(labels)
    i, j = np.triu_indices(len(labels), 1)
    scores, same = np.asarray(similarity, np.float32)[i, j], labels[i] == labels[j]
    return scores[same], scores[~same]


@dataclass(frozen=True)
class Roc:
    """The trade of a threshold: a pair is accepted where its score >= threshold.

    thresholds float (t,) falling; far float (t,): share of impostors accepted; tar float (t,): share of genuine ones.
    The first point accepts nothing (threshold inf, 0, 0), the last everything.
    """

    thresholds: np.ndarray
    far: np.ndarray
    tar: np.ndarray


def roc(genuine: np.ndarray, impostor: np.ndarray) -> Roc:
    """Receiver operating characteristic, one point for each different score.

    >>> curve = roc(np.array([0.9, 0.4]), np.array([0.5, 0.1]))
    >>> curve.far.tolist(), curve.tar.tolist()
    ([0.0, 0.0, 0.5, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0])
    """
    if len(genuine) == 0 or len(impostor) == 0:
        raise ValueError(f"A ROC needs genuine and impostor scores, got {len(genuine)} and {len(impostor)}.")
    scores = np.concatenate([genuine, impostor])
    order = np.argsort(-scores, kind="stable")
    scores, same = scores[order], order < len(genuine)
    last = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)
    tar = np.cumsum(same)[last] / len(genuine)
    far = np.cumsum(~same)[last] / len(impostor)
    return Roc(np.append(np.inf, scores[last]), np.append(0.0, far), np.append(0.0, tar))


def eer(genuine: np.ndarray, impostor: np.ndarray) -> float:
    """Equal error rate: impostors accepted equal genuine pairs refused, linear between the points of the curve.

    Genuine (0.9, 0.4) and impostor (0.5, 0.1) cross at 0.5. nan where one of both kinds is missing.
    """
    if len(genuine) == 0 or len(impostor) == 0:
        return float("nan")
    curve = roc(genuine, impostor)
    gap = curve.far - (1 - curve.tar)  # rises from -1 to 1
    k = int(np.argmax(gap >= 0))
    share = -gap[k - 1] / (gap[k] - gap[k - 1])
    return float(curve.far[k - 1] + share * (curve.far[k] - curve.far[k - 1]))


def threshold_at_far(impostor: np.ndarray, far: float) -> float:
    """The lowest threshold that accepts (score >= threshold) at most a share `far` of the impostor scores.

    Impostors (0.1, 0.2, 0.3, 0.4) and far 0.25 give just 0.4; far 0 gives the next number above 0.4.
    """
    if len(impostor) == 0:
        raise ValueError("A threshold for a false-accept rate needs impostor scores, got none.")
    falling = np.sort(np.asarray(impostor))[::-1]
    allowed = int(np.floor(far * len(falling) + 1e-9))
    if allowed >= len(falling):
        return float(falling[-1])
    # Everything up to the first refused score stays refused, so ties with it are refused too.
    accepted = falling[:allowed][falling[:allowed] > falling[allowed]]
    return float(accepted[-1]) if len(accepted) else float(np.nextafter(falling[allowed], np.inf, dtype=falling.dtype))


def tar_at_far(genuine: np.ndarray, impostor: np.ndarray, far: float) -> float:
    """Share of genuine pairs accepted at the threshold that accepts at most a share `far` of the impostors.

    Genuine (0.9, 0.4), impostor (0.5, 0.1): 0.5 at far 0, 1.0 at far 0.5.
    """
    if len(genuine) == 0 or len(impostor) == 0:
        return float("nan")
    return float((np.asarray(genuine) >= threshold_at_far(impostor, far)).mean())


def dir_at_far(top: np.ndarray, correct: np.ndarray, strangers: np.ndarray, far: float) -> float:
    """Detection and identification rate of an open set: share of enrolled queries named rightly and accepted.

    top float (q,): best similarity of each enrolled query; correct bool (q,): whether that was its character;
    strangers float (s,): best similarity of faces of nobody enrolled, of which a share `far` may be accepted.
    Phillips, Grother, Micheals, "Evaluation methods in face recognition", Handbook of Face Recognition (2011).

    top (0.9, 0.8, 0.3), correct (T, F, T), strangers (0.5, 0.2): 1/3 at far 0, and 1/3 at far 0.5.
    """
    if len(top) == 0 or len(strangers) == 0:
        return float("nan")
    accepted = np.asarray(top) >= threshold_at_far(strangers, far)
    return float((accepted & np.asarray(correct, bool)).mean())


# --- by character --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CharacterRow:
    """The figures of one character, over its n answerable queries; top1 where a gallery was asked too, else nan."""

    character: str
    n: int
    precision_at_1: float
    precision_at_5: float
    map_at_r: float
    top1: float = float("nan")


def per_character(ranking: Ranking, labels: Labels) -> list[CharacterRow]:
    """One row a character that has answerable queries, worst MAP@R first."""
    labels = np.asarray(labels)
    first, fifth, mean = precision_at_k(ranking, 1), precision_at_k(ranking, 5), map_at_r(ranking)
    rows = []
    for name in np.unique(labels[ranking.answerable]):
        own = (labels == name) & ranking.answerable
        figures = (float(values[own].mean()) for values in (first, fifth, mean))
        rows.append(CharacterRow(str(name), int(own.sum()), *figures))
    return sorted(rows, key=lambda row: (row.map_at_r, row.character))


@dataclass(frozen=True)
class Confusion:
    """`times` queries of `character` were taken for `taken_for`."""

    character: str
    taken_for: str
    times: int


def confused_pairs(true: Labels, answered: Labels) -> list[Confusion]:
    """Who is taken for whom, most often first.

    >>> confused_pairs(["a", "a", "b"], ["b", "b", "b"])
    [Confusion(character='a', taken_for='b', times=2)]
    """
    wrong = Counter((str(a), str(b)) for a, b in zip(true, answered, strict=True) if a != b)
    return [Confusion(a, b, times) for (a, b), times in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))]
