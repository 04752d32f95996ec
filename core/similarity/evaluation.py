"""What an encoder is worth, by the two protocols that every report names.

*gallery*: validation faces ask, enrolled training faces answer, as in recognition (core.similarity.scorer): top1.
*among*: validation faces among themselves, as in the article: precision@k, hit@k, MAP@R, EER.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from core.errors import DataError
from core.similarity import metrics
from core.similarity.intervals import share_interval
from core.similarity.reranking import k_reciprocal_among
from core.similarity.scorer import CharacterScorer
from core.similarity.shots import drawn_split

NAN = float("nan")


@dataclass(frozen=True)
class Evaluation:
    """The figures, 0 to 1, nan where the faces at hand cannot tell. n: faces that ask; enrolled: faces that answer.

    top1: the nearest character is right; top1_nearest: the nearest face is right; top1_low, top1_high: 95 % interval
    of top1; precision_at_5_limit: the most that precision_at_5 can be, less than 1 where characters have fewer than six
    faces; tar_at_far_1: genuine pairs accepted where 1 % of impostor pairs are; dir_at_far_1: validation faces
    named rightly and accepted where 1 % of the strangers' faces are. by_character worst first; confused: by top1.
    """

    n: int
    characters: int
    protocol: str
    enrolled: int = 0
    strangers: int = 0
    top1: float = NAN
    top1_low: float = NAN
    top1_high: float = NAN
    top1_nearest: float = NAN
    precision_at_1: float = NAN
    precision_at_5: float = NAN
    precision_at_5_limit: float = NAN
    hit_at_5: float = NAN
    map_at_r: float = NAN
    r_precision: float = NAN
    eer: float = NAN
    tar_at_far_1: float = NAN
    dir_at_far_1: float = NAN
    by_character: tuple[metrics.CharacterRow, ...] = ()
    confused: tuple[metrics.Confusion, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON: numbers rounded to 4 digits, None for nan, rows as dicts."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def few_words(limit: float | None) -> str:
    """What an Evaluation's precision_at_5_limit tells its reader; empty where the number of faces limits nothing."""
    if limit is None or not limit < 0.995:
        return ""
    return f"Precision@5 can reach {limit:.0%} at most here: a character needs six validation faces for 100%."


def evaluate(
    queries: np.ndarray,
    query_labels: Sequence[str],
    enrolled: np.ndarray | None = None,
    enrolled_labels: Sequence[str] = (),
    *,
    strangers: np.ndarray | None = None,
    rerank: bool = False,
) -> Evaluation:
    """Both protocols on L2-normalised embeddings: queries (q, d); enrolled (g, d), or None for *among* alone.

    strangers (s, d): faces of nobody enrolled. rerank: *among* by k-reciprocal re-ranking (EER stays by similarity).
    """
    if len(queries) == 0:
        raise DataError("There is no face to evaluate with. Balance first: it sets validation faces aside.")
    names = tuple(str(name) for name in query_labels)
    among = _among(queries, names, rerank)
    if enrolled is None or len(enrolled) == 0:
        protocol = f"among: {len(names)} faces among themselves" + (", re-ranked" if rerank else "")
        return Evaluation(len(names), len(set(names)), protocol, **among)
    gallery = _gallery(queries, names, enrolled, enrolled_labels, strangers)
    right = gallery.pop("right")
    own = {name: right[np.asarray(names) == name] for name in set(names) & set(map(str, enrolled_labels))}
    rows = (
        replace(row, top1=float(own[row.character].mean())) if row.character in own else row
        for row in among["by_character"]
    )
    among["by_character"] = tuple(rows)
    protocol = (
        f"top1 by gallery: {len(names)} validation faces ask, {len(enrolled)} enrolled training faces answer; "
        f"the rest among: the {len(names)} validation faces among themselves"
    ) + (", re-ranked" if rerank else "")
    return Evaluation(len(names), len(set(names)), protocol, enrolled=len(enrolled), **gallery, **among)


def evaluate_folder(
    embeddings: np.ndarray, labels: Sequence[str], *, shots: int = 5, draws: int = 10, seed: int = 0
) -> Evaluation:
    """Both protocols on faces that no one split: `shots` of each character are drawn and enrolled, the others ask.

    top1 is the mean over `draws`; characters with `shots` faces or fewer enrol half of theirs (at least one).
    *among* takes all faces. Embeddings (n, d) L2-normalised.
    """
    if len(embeddings) == 0:
        raise DataError("There is no face to evaluate with.")
    names, rng = np.asarray([str(name) for name in labels]), np.random.default_rng(seed)
    results = []
    for _ in range(draws):
        asking, chosen = drawn_split(names, shots=shots, rng=rng)
        if len(asking):
            results.append(_gallery(embeddings[asking], names[asking], embeddings[chosen], names[chosen], None))
    keys = ("top1", "top1_low", "top1_high", "top1_nearest")
    mean: dict[str, Any] = {key: float(np.mean([r[key] for r in results])) for key in keys} if results else {}
    protocol = (
        f"top1 by gallery: {shots} faces of each character drawn and enrolled, the others ask, mean of {draws} draws; "
        f"the rest among: all {len(names)} faces among themselves"
    )
    confused = {"confused": results[0]["confused"]} if results else {}
    enrolled = len(chosen) if results else 0
    among = _among(embeddings, names, False)
    return Evaluation(len(names), len(set(names)), protocol, enrolled=enrolled, **mean, **confused, **among)


def _gallery(
    queries: np.ndarray,
    names: metrics.Labels,
    enrolled: np.ndarray,
    enrolled_labels: metrics.Labels,
    strangers: np.ndarray | None,
) -> dict[str, Any]:
    labels = np.asarray([str(name) for name in enrolled_labels])
    known = np.isin(names, labels)
    gallery = CharacterScorer.of(enrolled, labels)
    scores = gallery.class_similarity(queries)
    answers = np.asarray(gallery.names)[scores.argmax(axis=1)]
    nearest = labels[metrics.cosine(queries, enrolled).argmax(axis=1)]
    right = answers == np.asarray(names)
    found: dict[str, Any] = {
        "right": right,
        "confused": tuple(metrics.confused_pairs(np.asarray(names)[known], answers[known])),
    }
    if known.any():
        low, high = share_interval(int(right[known].sum()), int(known.sum()))
        found |= {"top1": float(right[known].mean()), "top1_low": low, "top1_high": high}
        found["top1_nearest"] = float((nearest == np.asarray(names))[known].mean())
    if strangers is not None and len(strangers):
        top = gallery.class_similarity(strangers).max(axis=1)
        found["strangers"] = len(strangers)
        found["dir_at_far_1"] = metrics.dir_at_far(scores.max(axis=1)[known], right[known], top, 0.01)
    return found


def _among(queries: np.ndarray, names: metrics.Labels, rerank: bool) -> dict[str, Any]:
    similarity = metrics.cosine(queries, queries)
    ranking = metrics.rank_among(k_reciprocal_among(queries) if rerank else similarity, names)
    genuine, impostor = metrics.pair_scores(similarity, names)
    return {
        "precision_at_1": ranking.mean(metrics.precision_at_k(ranking, 1)),
        "precision_at_5": ranking.mean(metrics.precision_at_k(ranking, 5)),
        "precision_at_5_limit": ranking.mean(metrics.precision_at_k_limit(ranking, 5)),
        "hit_at_5": ranking.mean(metrics.hit_at_k(ranking, 5)),
        "map_at_r": ranking.mean(metrics.map_at_r(ranking)),
        "r_precision": ranking.mean(metrics.r_precision(ranking)),
        "eer": metrics.eer(genuine, impostor),
        "tar_at_far_1": metrics.tar_at_far(genuine, impostor, 0.01),
        "by_character": tuple(metrics.per_character(ranking, names)),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [{f.name: _plain(getattr(row, f.name)) for f in fields(row)} for row in value]
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 4)
    return value
