"""How long a training step takes on this machine: a few steps on the clock, kept in a file for the next time.

Where bfloat16 is fast cannot be told from a processor's or a GPU's name: with AMX, which is made for it, EfficientNet-
Lite2 still takes 1.3 times as long as in float32; without, 2.2 times.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median

import torch

from core.atomic import write_json
from core.documents import parse_json
from core.train.card import graphics_card, repeatable
from core.train.config import TrainConfig
from core.train.learner import Learner
from core.train.microbatches import torch_threads
from core.train.start import first_network

SPEED = "speed.json"
"""Name of the file of measured times, beside the workspaces' folders of models."""
METHOD = 2
"""Part of what a time is kept under: to be raised when a step is computed in another way."""
ON_PROCESSOR, ON_CARD = (1, 2), (3, 12)
"""Steps before the clock starts, and on the clock. A card's take hundredths of a second, of which chance takes as much
as bfloat16 would save."""
CLEARLY_FASTER = 0.9
"""bfloat16 is chosen where its step takes at most this share of float32's: it costs precision."""

SPEED_SETTINGS = (
    "architecture", "image_size", "embedding_dim", "width", "classes_per_batch", "samples_per_class", "microbatch",
    "optimiser", "freeze_batchnorm", "frozen_stages", "precision",
)  # fmt: skip
"""The settings that a step's time depends on; neither the seed nor the number of epochs is one of them."""


def default_device(device: str | None = None) -> torch.device:
    """The device that is asked for, else a GPU where there is one, else the processor."""
    return torch.device(device or graphics_card() or "cpu")


def resolve_precision(config: TrainConfig, device: torch.device, cache: Path | None = None) -> TrainConfig:
    """The config with `float32` or `bfloat16` in place of `auto` and `fastest`.

    `auto` is float32 on every processor, so that the same seed gives the same training whatever the processor can do;
    on a GPU, and for `fastest` anywhere, both are timed and the faster one is taken.
    """
    if config.precision not in ("auto", "fastest"):
        return config
    if config.precision == "auto" and device.type == "cpu":
        return replace(config, precision="float32")
    if device.type == "cuda" and not torch.cuda.is_bf16_supported():
        return replace(config, precision="float32")
    both = [replace(config, precision=precision) for precision in ("float32", "bfloat16")]
    slow, fast = (seconds_per_step(one, device, cache=cache) for one in both)
    return both[fast <= CLEARLY_FASTER * slow]


def resumed_config(config: TrainConfig, began_on: str, device: torch.device) -> TrainConfig:
    """The config that a training goes on with. began_on: what computed it so far, `cpu` or `cuda`.

    bfloat16 that was chosen on a card is float32 on a processor, which takes many times as long in bfloat16.
    """
    if device.type == "cpu" and began_on != "cpu" and config.precision == "bfloat16":
        return replace(config, precision="float32")
    return config


def seconds_per_step(config: TrainConfig, device: torch.device, *, cache: Path | None = None) -> float:
    """Seconds that one step on a full batch takes: the median of a few; their weights are discarded.

    cache: a JSON file of what was measured before. A file that cannot be read or written is done without.
    """
    key = _key(config, device)
    known = _read(cache)
    if key in known:
        return known[key]
    seconds = _measure(config, device)
    if cache is not None:
        with contextlib.suppress(OSError):  # a read-only folder: measured again the next time
            write_json(cache, _read(cache) | {key: seconds})
    return seconds


def _measure(config: TrainConfig, device: torch.device) -> float:
    if config.init == "imagenet":
        config = replace(config, init="random", freeze_batchnorm=False)  # nothing is downloaded to look at the clock
    batch = config.classes_per_batch * config.samples_per_class
    with torch.random.fork_rng(devices=[]), repeatable():
        learner = Learner(first_network(config), config.classes_per_batch, config, device)
        pixels = torch.full((batch, 3, config.image_size, config.image_size), 0.5)
        targets = torch.arange(batch) // config.samples_per_class
        warm, measured = ON_PROCESSOR if device.type == "cpu" else ON_CARD
        with torch_threads(1 if learner.microbatches else None):
            for _ in range(warm):
                learner.step(pixels, targets, 0.0)
            times = [time.perf_counter()]
            for _ in range(measured):
                learner.step(pixels, targets, 0.0)
                times.append(time.perf_counter())
    return median(end - start for start, end in pairwise(times))


def _key(config: TrainConfig, device: torch.device) -> str:
    machine = [platform.node(), platform.machine(), platform.processor(), os.cpu_count(), torch.get_num_threads()]
    if device.type == "cuda":
        machine += [torch.cuda.get_device_name(device), *ON_CARD]
    settings = [getattr(config, name) for name in SPEED_SETTINGS]
    words = json.dumps([METHOD, torch.__version__, str(device), *machine, *settings])
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def _read(cache: Path | None) -> dict[str, float]:
    try:
        values = parse_json(cache.read_text(encoding="utf-8")) if cache is not None and cache.is_file() else {}
        return {key: float(value) for key, value in values.items() if float(value) > 0}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
