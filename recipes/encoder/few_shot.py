"""How well an encoder knows characters that it has never seen: five enrolled faces, and all pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class FewShot:
    """One source's figures: `top1` mean over draws, `spread` its standard deviation, `eer`, and on how much."""

    characters: int
    faces: int
    shots: int
    top1: float
    spread: float
    eer: float


def few_shot(vectors: np.ndarray, labels: np.ndarray, *, shots: int = 5, draws: int = 20, seed: int = 0) -> FewShot:
    """Enrol `shots` faces a character, ask with all others; prototypes are means, likeness is the cosine.

    `vectors` float32 (n, d) of length 1, `labels` (n,). Characters with fewer than shots + 1 faces take no part in
    top1; the equal error rate is over all pairs of the faces.
    """
    rng = np.random.default_rng(seed)
    characters, counts = np.unique(labels, return_counts=True)
    rich = characters[counts > shots]
    scores = []
    for _ in range(draws if len(rich) > 1 else 0):
        prototypes, asked, truth = [], [], []
        for number, character in enumerate(rich):
            order = rng.permutation(np.flatnonzero(labels == character))
            prototypes.append(vectors[order[:shots]].mean(0))
            asked.append(vectors[order[shots:]])
            truth.append(np.full(len(order) - shots, number))
        matrix = np.stack(prototypes)
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        answer = (np.concatenate(asked) @ matrix.T).argmax(1)
        scores.append(float((answer == np.concatenate(truth)).mean()))
    top1, spread = (float(np.mean(scores)), float(np.std(scores))) if scores else (float("nan"), float("nan"))
    return FewShot(len(rich), len(labels), shots, top1, spread, equal_error_rate(vectors, labels))


def equal_error_rate(vectors: np.ndarray, labels: np.ndarray, *, bins: int = 4000) -> float:
    """Where as many genuine pairs are refused as impostor pairs accepted, over all pairs; from fine histograms."""
    genuine, impostor = np.zeros(bins), np.zeros(bins)
    for start in range(0, len(vectors), 1000):
        part = vectors[start : start + 1000]
        place = np.clip(((part @ vectors.T + 1) / 2 * bins).astype(int), 0, bins - 1)
        same = labels[start : start + 1000, None] == labels[None]
        later = np.arange(len(labels))[None] > np.arange(start, start + len(part))[:, None]
        genuine += np.bincount(place[same & later], minlength=bins)
        impostor += np.bincount(place[~same & later], minlength=bins)
    if not (genuine.sum() and impostor.sum()):
        return float("nan")
    refused = np.cumsum(genuine) / genuine.sum()
    accepted = 1 - np.cumsum(impostor) / impostor.sum()
    best = int(np.abs(refused - accepted).argmin())
    return float((refused[best] + accepted[best]) / 2)
