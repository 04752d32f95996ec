"""How long a training step takes on this machine: two steps on the clock, kept in a file for the next time.

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
from pathlib import Path

import torch

from core.atomic import write_json
from core.documents import parse_json
from core.train.config import TrainConfig
from core.train.learner import Learner
from core.train.microbatches import torch_threads
from core.train.start import first_network

SPEED = "speed.json"
"""Name of the file of measured times, beside the workspaces' folders of models."""
METHOD = 2
"""Part of what a time is kept under: to be raised when a step is computed in another way."""
MEASURED_STEPS = 2
CLEARLY_FASTER = 0.9
"""bfloat16 is chosen where its step takes at most this share of float32's: it costs precision."""

SPEED_SETTINGS = (
    "architecture", "image_size", "embedding_dim", "width", "classes_per_batch", "samples_per_class", "microbatch",
    "optimiser", "freeze_batchnorm", "frozen_stages", "precision",
)  # fmt: skip
"""The settings that a step's time depends on; neither the seed nor the number of epochs is one of them."""


def default_device(device: str | None = None) -> torch.device:
    """The device that is asked for, else a GPU where there is one, else the processor."""
    return torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))


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


def seconds_per_step(config: TrainConfig, device: torch.device, *, cache: Path | None = None) -> float:
    """Seconds that one step on a full batch takes: the mean of two, after one to warm up; their weights are discarded.

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
    with torch.random.fork_rng(devices=[]):
        learner = Learner(first_network(config), config.classes_per_batch, config, device)
        pixels = torch.full((batch, 3, config.image_size, config.image_size), 0.5)
        targets = torch.arange(batch) // config.samples_per_class
        with torch_threads(1 if learner.microbatches else None):
            learner.step(pixels, targets, 0.0)
            start = time.perf_counter()
            for _ in range(MEASURED_STEPS):
                learner.step(pixels, targets, 0.0)
    return (time.perf_counter() - start) / MEASURED_STEPS


def _key(config: TrainConfig, device: torch.device) -> str:
    machine = [platform.node(), platform.machine(), platform.processor(), os.cpu_count(), torch.get_num_threads()]
    if device.type == "cuda":
        machine.append(torch.cuda.get_device_name(device))
    settings = [getattr(config, name) for name in SPEED_SETTINGS]
    words = json.dumps([METHOD, torch.__version__, str(device), *machine, *settings])
    return hashlib.sha256(words.encode()).hexdigest()[:24]


def _read(cache: Path | None) -> dict[str, float]:
    try:
        values = parse_json(cache.read_text(encoding="utf-8")) if cache is not None and cache.is_file() else {}
        return {key: float(value) for key, value in values.items() if float(value) > 0}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
