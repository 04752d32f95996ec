"""What each number and switch of a command takes, and what it is where nobody says anything."""

from __future__ import annotations

from dataclasses import MISSING, fields

import pytest

from core.balance.config import BalanceConfig
from core.collect.config import CollectConfig
from core.commands import (
    COMMANDS,
    balance,
    characters,
    clean,
    collect,
    crop,
    demo,
    detect,
    doctor,
    enrol,
    evaluate,
    export,
    import_,
    recognise,
    serve,
    timeline,
    tour,
    train,
    undo,
)
from core.crop.config import CropConfig
from core.datasets.config import ExportConfig
from core.options import SEED, kinds, option_of
from core.recognise.config import RecogniseConfig
from core.visualise.map_settings import MapSettings

LARGEST_ID = 2**63 - 1  # SQLite's
FROM_0_TO_1 = (0, 1, None, None)
SOME = (1, 10_000, None, None)
SEEDS = (0, 2**63 - 1, None, None)
RATE = (None, None, 0, 1)
SWITCH = (None, None, None, None)

# of each field: its default, and (low, high, above, below)
TAKEN = {
    BalanceConfig: {
        "per_character": (32, SOME),
        "cap": (False, SWITCH),
        "validation": (0.25, (0, None, None, 1)),
        "strangers": (0, (0, 100_000, None, None)),
        "seed": (0, SEEDS),
    },
    CollectConfig: {
        "limit": (50, (1, 1_000_000, None, None)),
        "min_side": (64, (1, 100_000, None, None)),
        "near": (6, (-1, 64, None, None)),
        "unnamed": (False, SWITCH),
        "at_once": (16, (1, 256, None, None)),
        "ahead": (64, SOME),
        "give_up_after": (3, (1, 1_000_000, None, None)),
    },
    CropConfig: {
        "accept": (None, FROM_0_TO_1),
        "propose": (0.7, (None, 1, 0, None)),
        "min_side": (24, SOME),
        "batch": (16, (1, 1024, None, None)),
        "redo": (False, SWITCH),
        "embed": (False, SWITCH),
    },
    ExportConfig: {"min_side": (256, (1, 100_000, None, None)), "repeats": (10, SOME)},
    RecogniseConfig: {
        "far": (0.01, RATE),
        "faces": (False, SWITCH),
        "repeated": (False, SWITCH),
        "min_score": (None, FROM_0_TO_1),
    },
    MapSettings: {
        "dimensions": (2, (2, 3, None, None)),
        "neighbours": (15, (2, 1000, None, None)),
        "min_distance": (0.5, FROM_0_TO_1),
        "perplexity": (30.0, (None, 1000, 1, None)),
        "seed": (0, (0, 2**32 - 1, None, None)),
    },
    tour.Arguments: {"characters": (8, SOME), "pictures": (30, SOME), "seed": (0, SEEDS)},
    demo.Arguments: {"characters": (8, SOME), "pictures": (30, SOME), "seed": (0, SEEDS)},
    collect.Arguments: {"seed": (0, SEEDS), "any_rating": (False, SWITCH)},
    import_.Arguments: {
        "limit": (None, (1, 1_000_000, None, None)),
        "unnamed": (False, SWITCH),
        "dry_run": (False, SWITCH),
    },
    crop.Arguments: {
        "review_list": (False, SWITCH),
        "keep": ((), (1, LARGEST_ID, None, None)),
        "reject": ((), (1, LARGEST_ID, None, None)),
        "force": (False, SWITCH),
        "leave_unnamed": (False, SWITCH),
        "workers": (0, (0, 1000, None, None)),
    },
    characters.Arguments: {
        "ignore": ((), (1, 2**53, None, None)),
        "groups": (False, SWITCH),
        "granularity": (0.5, FROM_0_TO_1),
    },
    balance.Arguments: {"dry_run": (False, SWITCH), "remove": (False, SWITCH)},
    train.Arguments: {"epochs": (None, SOME), "seed": (0, SEEDS), "ranks": (1, (1, 64, None, None))},
    evaluate.Arguments: {"limit": (None, (1, 1_000_000, None, None)), "rerank": (False, SWITCH)},
    enrol.Arguments: {"again": (False, SWITCH)},
    recognise.Arguments: dict.fromkeys(("resume", "copy", "link", "dry_run", "take_unknown"), (False, SWITCH)),
    detect.Arguments: {"min_score": (None, FROM_0_TO_1)},
    export.Arguments: {"dry_run": (False, SWITCH)},
    undo.Arguments: {"redo": (False, SWITCH)},
    doctor.Arguments: {"repair": (False, SWITCH)},
    clean.Arguments: {"dry_run": (False, SWITCH)},
    timeline.Arguments: {"far": (0.01, RATE), "looks": (3.0, (0.1, 60, None, None))},
    serve.Arguments: {"port": (8000, (1, 65_535, None, None))},
}


def declared(config: type) -> dict:
    found = {}
    for one in fields(config):
        if kinds(config)[one.name][0] in (int, float, bool):
            about = option_of(one)
            default = None if one.default is MISSING else one.default
            found[one.name] = (default, (about.low, about.high, about.above, about.below))
    return found


@pytest.mark.parametrize("config", TAKEN, ids=lambda c: f"{c.__module__.removeprefix('core.')}.{c.__name__}")
def test_numbers_and_switches_take_what_they_always_took(config):
    found = declared(config)
    assert {name: found.get(name) for name in TAKEN[config]} == TAKEN[config]


def test_a_command_with_numbers_or_switches_of_its_own_is_in_the_table():
    assert {c.arguments for c in COMMANDS.values() if declared(c.arguments)} <= set(TAKEN)


def test_the_largest_seed_is_the_largest_that_numpy_and_pytorch_take():
    assert SEED == 2**63 - 1
