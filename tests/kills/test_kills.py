"""Whatever is killed at whatever moment and run again ends as if nothing had happened.

Three kills of each act, 25 in `run.py check --long`; half of them with a `sync` in between, as a worried user would.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable

import pytest

from core.workspace.sync import sync
from tests.kills.harness import in_fork, killed_at, moments, without_space_at
from tests.kills.scenes import SCENES, run, snapshot

pytestmark = [
    pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system has no fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]
SEED = 20250501


def undamaged(name: str, made, tmp_path, kills: int, hurting: Callable[..., object] = killed_at) -> None:
    """Hurt an act so often, each time in a fresh workspace, and compare what comes of it with an undisturbed run."""
    scene = SCENES[name]
    calm = made(scene.make, tmp_path / "calm")
    n = moments(lambda: run(scene.act, calm), tmp_path / "count")
    expected = snapshot(calm, scene.result)
    assert expected["whole"] and not expected["left"]
    chosen = random.Random(f"{SEED} {name}").sample(range(1, n + 1), min(kills, n))
    for number, moment in enumerate(chosen):
        hurt = made(scene.make, tmp_path / f"kill{moment}")
        hurting(lambda hurt=hurt: run(scene.act, hurt), moment)
        if number % 2:
            assert in_fork(lambda hurt=hurt: run(sync, hurt)) == 0
        assert in_fork(lambda hurt=hurt: run(scene.act, hurt)) == 0
        found = snapshot(hurt, scene.result)
        for part, value in expected.items():
            assert found[part] == value, f"{name}, hurt at moment {moment} of {n}: {part}"
        shutil.rmtree(hurt.data_dir.parent)


@pytest.mark.parametrize("name", SCENES)
def test_what_was_killed_and_run_again_is_as_if_nothing_had_happened(name, made, tmp_path):
    undamaged(name, made, tmp_path, 3)


@pytest.mark.parametrize("name", ["crop", "balance", "import", "rename workspace", "copy workspace", "restore"])
def test_a_full_disk_costs_nothing_but_the_run(name, made, tmp_path):
    undamaged(name, made, tmp_path, 2, without_space_at)


@pytest.mark.long
@pytest.mark.parametrize("name", SCENES)
def test_a_full_disk_costs_nothing_whatever_is_done(name, made, tmp_path):
    undamaged(name, made, tmp_path, 10, without_space_at)


@pytest.mark.long
@pytest.mark.parametrize("name", SCENES)
def test_the_same_for_25_kills(name, made, tmp_path):
    undamaged(name, made, tmp_path, 25)
