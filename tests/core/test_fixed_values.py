"""Limits, exit codes and defaults of the packages with few of them."""

from __future__ import annotations

from core import cli, failures, jobs, options, progress
from core.balance import grouping, split
from core.commands import context, detect, recognise
from core.server import batching, limits, listen, service, tokens
from core.video import frames, shots, tracks
from tests.values import other_defaults, other_values

VALUES = [
    (grouping, "NEAR_FACES", 4),
    (split, "TOGETHER", 50_000),
    (cli, "WRONG_USAGE", 2),
    (detect, "BATCH", 16),
    (recognise, "SHOWN", 200),
    (failures, "LOG_BYTES", 1_000_000),
    (jobs, "CANCELLED_CODE", 3),
    (jobs, "KEPT_JOBS", 10),
    (jobs, "MINIMUM_INTERVAL", 0.2),
    (limits, "LEFTOVER", 8_000_000),
    (limits, "LEFTOVER_SECONDS", 5.0),
    (tokens, "LARGEST", 1_000_000),
    (tokens, "SHORTEST", 16),
    (frames, "SMALL", 96),
    (shots, "CUT", 27.0),
    (shots, "SHORTEST", 4),
    (tracks, "OVERLAP", 0.2),
    (tracks, "ALIKE", 0.35),
    (tracks, "PATIENCE", 3),
]
DEFAULTS = [
    (context.Context.opened, {"create": False}),
    (jobs.cancel, {"wait": 10.0}),
    (options.Option, {"each": False}),
    (progress.Progress, {"seconds": 0.0}),
    (batching.Batcher, {"size": 16, "waiting": 64}),
    (limits.ServerLimits, {"body": 64_000_000, "pictures": 32, "waiting": 64, "batch": 8, "seconds": 120.0}),
    (listen.serve, {"port": 8000}),
    (service.Service, {"far": 0.01}),
    (frames.VideoReader.frames, {"start": 0.0}),
    (shots.differs, {"least": 3.0}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
