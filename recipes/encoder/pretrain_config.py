"""All that decides what the encoder learns, and how much of it is done."""

from __future__ import annotations

import math
from dataclasses import dataclass

HUES = (120.0, 240.0)
"""Degrees by which a character's colours are turned to make another character."""


@dataclass(frozen=True, slots=True)
class PretrainConfig:
    """All that decides what is learned.

    pack: a file of recipes.encoder.pack instead of the folder `faces`. device: `cpu` or `cuda`.
    neighbours: share of the sources' parts of a batch that hold characters who look alike to the running model; who
    does is looked up anew every `neighbours_every` steps. tones: share of the characters of whom one face is shown
    twice, once retoned (recipes.encoder.tones). subcentres: classifier rows a character, the nearest counts.
    nearest, farthest: range of the frame's side over the tight box; shift: +- of its centre, over the frame's side.
    drawn: side at which the faces of a step are drawn where it is not that at which the network sees them; 0: the same.
    settled: from this share of the schedule on batch normalisation keeps what it has counted; 1: never.
    ahead: batches that are prepared while one is learned from.
    measure_minutes: how often what is held out is measured on the way; 0: never.
    microbatch: faces in the part of a batch that one core works on at a time (recipes.encoder.microbatches).
    """

    faces: str = "../shared/data/faces"
    pack: str = ""
    device: str = "cpu"
    out: str = ".scratch/encoder"
    cache: str = ".scratch/faces"
    hold_out: tuple[str, ...] = ()
    hold_out_share: float = 0.0
    start: str = ""
    minutes: float = 40.0
    steps: int = 0
    width: int = 40
    size: int = 96
    small_size: int = 64
    small_share: float = 0.6
    drawn: int = 0
    settled: float = 1.0
    sources: int = 3
    p: int = 11
    k: int = 4
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    warmup_fraction: float = 0.04
    scale: float = 20.0
    label_smoothing: float = 0.1
    temperature: float = 0.1
    contrastive: float = 1.0
    triplet: float = 0.0
    centre: float = 0.0
    pairs: float = 0.0
    hue_share: float = 0.2
    style: float = 0.5
    neighbours: float = 0.0
    neighbours_every: int = 100
    tones: float = 0.0
    subcentres: int = 1
    nearest: float = 1.34
    farthest: float = 2.68
    shift: float = 0.05
    microbatch: int = 33
    warp: float = 0.03
    jpeg: float = 0.1
    ema_decay: float = 0.998
    seed: int = 0
    threads: int = 2
    ahead: int = 1
    measure_minutes: float = 8.0


class Clock:
    """How much of the budget is used, 0 to 1. A pause (the process was stopped) counts as one ordinary step."""

    def __init__(self, config: PretrainConfig):
        self.config, self.used, self.usual = config, 0.0, 0.0

    def tick(self, seconds: float) -> None:
        counted = min(seconds, 8 * self.usual) if self.usual else seconds
        self.usual = 0.95 * self.usual + 0.05 * counted if self.usual else counted
        self.used += counted

    def share(self, step: int) -> float:
        if self.config.steps:
            return step / self.config.steps
        return self.used / (60 * self.config.minutes)


def rate_at(share: float, config: PretrainConfig) -> float:
    """Linear warm-up, then half a cosine to zero."""
    if share < config.warmup_fraction:
        return config.learning_rate * max(share, 1e-3) / config.warmup_fraction
    done = (share - config.warmup_fraction) / (1 - config.warmup_fraction)
    return config.learning_rate * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
