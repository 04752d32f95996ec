"""How near strangers come to a gallery: the scores from which a threshold with a false-accept rate that holds is read.

The strangers are a bank: one face each of many characters, embedded by the gallery's encoder. How far their best
similarities spread, and how long the tail is, a gallery of a few characters cannot tell and the bank can; where they
lie, the bank gets wrong, because faces of one style resemble each other more than faces of many. That the gallery can
tell: each of its characters plays the stranger to the others (leave one character out). So the bank's scores are moved
by what the gallery's own characters score above them. With few characters this offset is uncertain: it is drawn towards
what is usual, as the mean of a normal prior and the measurements, and the scores are spread by what stays uncertain
(the predictive distribution of a normal mean; Gelman et al., "Bayesian Data Analysis", section 2.5).

With a cohort a score is the similarity less what the face needs beyond the threshold (core.similarity.cohort).

docs/verdict.md has what it promises and what `python -m benchmarks.verdicts` measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.similarity.cohort import Cohort, beyond
from core.similarity.prototypes import l2_normalize
from core.similarity.scorer import CharacterScorer

USUAL_OFFSET = 0.07
"""What strangers of the gallery's style score above the bank: mean over 23 galleries of unseen characters (sd 0.05)."""
OFFSET_WEIGHT = 4.0
"""The usual offset counts as much as so many left-out characters: (sd between characters / sd between galleries)^2."""
CHARACTER_SPREAD = 0.1
"""Standard deviation of the mean score of a character's faces about the gallery's mean, in the same galleries."""
SAME = 0.75
"""Similarity to an enrolled character from which the nearest face of the bank is taken for that character ..."""
LEAD = 0.08
"""... or its lead over the second-nearest: 4 of 5 characters that were in the bank led by more, 1 of 15 others."""
LEFT_OUT = 60
"""At most so many characters are left out in turn, evenly chosen."""
SHARED_CENTRE = 500
"""With more characters than these, the common mean stays when one is left out: it would move by a 500th of the way."""
COMPARED = 500
"""At most so many faces of the bank are compared with each of them."""
FACES_A_CHARACTER = 5
"""So many faces of held-out strangers count as one left-out character."""
CARRIED_OFFSET = 0.025
"""What strangers score above a bank that was carried over to a trained encoder, beyond the offset before."""
RIDGE = 1.0
CHUNK = 512


@dataclass(frozen=True)
class StrangerScores:
    """How near strangers come to their best character of a gallery.

    scores: float32 (m,), a face of the bank each, moved to the gallery's style. offset: by how much; uncertainty: the
    standard deviation of what is not known of it. removed: faces of the bank that resemble an enrolled character.
    cohort: what a face that asks is compared with, by the gallery's encoder.
    """

    scores: np.ndarray
    offset: float
    uncertainty: float
    removed: int
    cohort: Cohort | None = None


def stranger_scores(
    embeddings: np.ndarray,
    labels: Sequence[str],
    bank: np.ndarray,
    strangers: np.ndarray | None = None,
    cohort: Cohort | None = None,
) -> StrangerScores:
    """What strangers score in a gallery of unit embeddings (n, d) and their characters, n at least 1.

    bank: unit (m, d), faces of characters who are mostly not enrolled, by the same encoder. strangers: unit (s, d),
    faces of held-out characters in the gallery's style, where there are any. cohort: of the bank's faces; None: the
    scores are similarities.
    """
    labels = np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1]
    gallery = CharacterScorer.of(embeddings, labels)
    similarity = class_similarity(gallery, bank)
    others = ~resembling(similarity)
    kept = _less_own(similarity[others].max(axis=1), cohort, others)
    offsets = left_out_offsets(embeddings, labels, bank[others], cohort)
    weights = np.ones(len(offsets))
    if strangers is not None and len(strangers):
        scores = best_similarity(gallery, strangers) - beyond(strangers, cohort)
        offsets = np.append(offsets, scores.mean() - kept.mean())
        weights = np.append(weights, len(strangers) / FACES_A_CHARACTER)
    offset, uncertainty = shrunk_offset(offsets, weights)
    return StrangerScores(moved(kept, offset, uncertainty), offset, uncertainty, len(bank) - len(kept), cohort)


def trained_stranger_scores(
    embeddings: np.ndarray, before: np.ndarray, labels: Sequence[str], bank: np.ndarray, cohort: Cohort | None = None
) -> StrangerScores:
    """The same for an encoder that was trained on these very characters, from the one that the bank belongs to.

    embeddings (n, d): by the trained encoder; before (n, d): the same faces by the bank's. Its own characters it holds
    apart as it holds no stranger, so the offset is measured before the training, and the bank is carried over. cohort:
    of the bank's faces as they are; what is returned has that of the carried ones.
    """
    first = stranger_scores(before, labels, bank, cohort=cohort)
    gallery = CharacterScorer.of(embeddings, np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1])
    others = ~resembling(class_similarity(CharacterScorer.of(before, labels), bank))
    there = carried(bank, before, embeddings)
    after = None if cohort is None else Cohort.of(there)
    scores = _less_own(best_similarity(gallery, there[others]), after, others)
    offset = first.offset + CARRIED_OFFSET
    return StrangerScores(moved(scores, offset, first.uncertainty), offset, first.uncertainty, first.removed, after)


def _less_own(scores: np.ndarray, cohort: Cohort | None, faces: np.ndarray) -> np.ndarray:
    """Scores of some faces of the bank, bool (m,), less what they need beyond the threshold."""
    return scores if cohort is None else scores - cohort.own[faces]


def carried(vectors: np.ndarray, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Unit vectors (m, d) of one encoder as another would give them, learned from faces (n, d) seen by both.

    Ridge regression of the change: without faces nothing changes, and along directions that no face has.
    """
    matrix = before.T @ before + RIDGE * np.eye(before.shape[1], dtype=np.float32)
    change = np.linalg.solve(matrix, before.T @ (after - before))
    return l2_normalize(vectors + vectors @ change)


def left_out_offsets(
    embeddings: np.ndarray, labels: np.ndarray, bank: np.ndarray, cohort: Cohort | None = None
) -> np.ndarray:
    """What each character's faces score above the bank in a gallery without it: float (c,), c at most LEFT_OUT.

    Empty where only one is enrolled. Compared are means of best similarities, less what the character's faces need
    beyond the threshold; the bank's own need nothing on average.
    """
    characters = np.unique(labels)
    if len(characters) < 2:
        return np.empty(0)
    chosen = characters[np.unique(np.linspace(0, len(characters) - 1, min(len(characters), LEFT_OUT)).astype(int))]
    compared = bank[:: max(len(bank) // COMPARED, 1)]
    needed = np.array([beyond(embeddings[labels == character], cohort).mean() for character in chosen])
    if len(characters) > SHARED_CENTRE:
        above = _left_out_of_many(CharacterScorer.of(embeddings, labels), chosen, embeddings, labels, compared)
    else:
        above = _left_out_in_turn(chosen, embeddings, labels, compared)
    return np.asarray(above - needed)


def _left_out_in_turn(
    chosen: np.ndarray, embeddings: np.ndarray, labels: np.ndarray, compared: np.ndarray
) -> np.ndarray:
    """What their faces score above the bank, each in a gallery of its own without them: float (c,)."""
    offsets = []
    for character in chosen:
        own = labels == character
        others = CharacterScorer.of(embeddings[~own], labels[~own])
        offsets.append(best_similarity(others, embeddings[own]).mean() - best_similarity(others, compared).mean())
    return np.array(offsets)


def _left_out_of_many(
    gallery: CharacterScorer, chosen: np.ndarray, embeddings: np.ndarray, labels: np.ndarray, compared: np.ndarray
) -> np.ndarray:
    """The same from one gallery of all characters: what a character itself would answer is passed over."""
    to_bank = class_similarity(gallery, compared)
    best, second = -np.partition(-to_bank, 1, axis=1)[:, :2].T
    nearest = to_bank.argmax(axis=1)
    offsets = []
    for character in chosen:
        column = gallery.names.index(str(character))
        own = class_similarity(gallery, embeddings[labels == character])
        own[:, column] = -np.inf
        offsets.append(own.max(axis=1).mean() - np.where(nearest == column, second, best).mean())
    return np.array(offsets)


def shrunk_offset(offsets: np.ndarray, weights: np.ndarray | None = None) -> tuple[float, float]:
    """Offsets of characters (c,) drawn towards the usual one, and the standard deviation of what stays uncertain.

    >>> shrunk_offset(np.array([]))
    (0.07, 0.05)
    >>> round(shrunk_offset(np.array([0.17, 0.17, 0.17, 0.17]))[0], 4)
    0.12
    """
    weights = np.ones(len(offsets)) if weights is None else weights
    total = float(weights.sum()) + OFFSET_WEIGHT
    offset = (float(np.dot(weights, offsets)) + OFFSET_WEIGHT * USUAL_OFFSET) / total
    return offset, CHARACTER_SPREAD / total**0.5


def moved(scores: np.ndarray, offset: float, uncertainty: float) -> np.ndarray:
    """Scores moved by an offset, and spread about their mean so that their variance grows by uncertainty squared.

    Scores of standard deviation 0.3 and an uncertainty of 0.4 are spread by 5/3, to 0.5. At most 1.
    """
    spread = max(float(scores.std()), 1e-6)
    wider = (1 + (uncertainty / spread) ** 2) ** 0.5
    there = scores.mean() + offset + wider * (scores - scores.mean())
    return np.asarray(np.minimum(there, 1.0), np.float32)


def resembling(similarity: np.ndarray) -> np.ndarray:
    """bool (m,): the faces of a bank that are an enrolled character's own, by their similarities (m, c) to each.

    A bank has one face of a character, so at most the nearest one to each: where it is very near, or stands out.

    >>> resembling(np.array([[0.9, 0.1], [0.85, 0.5], [0.2, 0.45]]))
    array([ True, False, False])
    """
    found = np.zeros(len(similarity), bool)
    if len(similarity) > 1:
        order = np.argsort(-similarity, axis=0, kind="stable")[:2]
        nearest, second = np.take_along_axis(similarity, order, axis=0)
        found[order[0][(nearest >= SAME) | (nearest - second >= LEAD)]] = True
    return found


def best_similarity(gallery: CharacterScorer, queries: np.ndarray) -> np.ndarray:
    """Similarity of unit queries (q, d) to the nearest character: float32 (q,)."""
    return np.asarray(class_similarity(gallery, queries).max(axis=1))


def class_similarity(gallery: CharacterScorer, queries: np.ndarray) -> np.ndarray:
    """Similarities float32 (q, c) of unit queries (q, d) to each character, in parts that fit into memory."""
    parts = [gallery.class_similarity(queries[start : start + CHUNK]) for start in range(0, len(queries), CHUNK)]
    return np.concatenate(parts) if parts else np.empty((0, len(gallery.names)), np.float32)
