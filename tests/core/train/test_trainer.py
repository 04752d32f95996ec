"""The loop: its batches, its schedule, its place."""

import contextlib
from dataclasses import asdict, replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from core.train.augment import AugmentConfig
from core.train.config import TrainConfig
from core.train.ranks import ALONE
from core.train.trainer import AUGMENTS, Position, Stage, fit, make_sampler, seed_of


class Records:
    """Stands in for a Learner."""

    ranks = ALONE

    def __init__(self):
        self.seen = []

    def step(self, faces, targets, rate, *, frozen=False):
        from core.train.learner import StepFigures

        self.seen.append((targets.tolist(), round(rate, 6), frozen, float(faces.sum()), float(torch.rand(1))))
        return StepFigures(*[1.0] * 8)


def run(config, epochs=3, position=None, stop_at=None, frozen=0):
    targets = np.repeat(np.arange(4), 6)
    pixels = torch.arange(24, dtype=torch.uint8).view(24, 1, 1, 1).expand(24, 3, 8, 8)
    learner, position = Records(), position or Position()

    def after_step(figures):
        if position.step == stop_at:
            raise KeyboardInterrupt

    stage = Stage("choose", 0, np.arange(24), epochs, frozen_epochs=frozen)
    with contextlib.suppress(KeyboardInterrupt):
        fit(learner, pixels, targets, stage, config, position, after_step=after_step, after_epoch=lambda mean: False)
    return learner.seen, position


CONFIG = TrainConfig(classes_per_batch=3, samples_per_class=2, image_size=32, precision="float32")


def test_an_epoch_shows_about_as_many_faces_as_there_are():
    sampler = make_sampler(Stage("choose", 0, np.arange(24), 1), np.repeat(np.arange(4), 6), CONFIG)
    assert len(sampler) * 3 * 2 == 24


def test_a_batch_holds_p_different_characters_with_k_faces():
    seen, _ = run(CONFIG)
    assert all(len(targets) == 6 and len(set(targets)) == 3 for targets, *_ in seen)


@pytest.mark.parametrize("stop_at", [1, 4, 5, 11])
def test_a_loop_taken_up_sees_what_it_would_have_seen(stop_at):
    whole, _ = run(CONFIG)
    first, position = run(CONFIG, stop_at=stop_at)
    rest, _ = run(CONFIG, position=position)
    assert first + rest == whole


def test_frozen_epochs_come_first():
    seen, _ = run(CONFIG, frozen=1)
    assert [frozen for _, _, frozen, *_ in seen] == [True] * 4 + [False] * 8


def test_seeds_differ_by_place_and_by_seed():
    places = {seed_of(replace(CONFIG, seed=s), stage, step) for s in (0, 1) for stage in (0, 1) for step in range(50)}
    assert len(places) == 200


def test_the_articles_faces_are_mirrored_turned_and_greyed_and_nothing_else():
    assert replace(AUGMENTS["article"], flip=False, turn=0.0, grey_share=0.0) == AugmentConfig.none()
    assert AUGMENTS["none"] == AugmentConfig.none()


def test_each_strength_changes_at_least_as_much_as_the_one_before():
    for one, next_ in pairwise([AUGMENTS[name] for name in ("none", "light", "standard", "strong")]):
        assert next_.zoom[0] < one.zoom[0] <= 1 <= one.zoom[1] <= next_.zoom[1] < 1.3
        for key in ("turn", "brightness", "contrast", "cast", "soften_share", "erase_share", "shift"):
            assert getattr(next_, key) >= getattr(one, key), key


@pytest.mark.parametrize("name", ["light", "standard", "strong"])
def test_shares_are_shares(name):
    shares = {key: value for key, value in asdict(AUGMENTS[name]).items() if key.endswith("_share")}
    assert shares and all(0 <= value < 1 for value in shares.values())


def test_the_rate_follows_the_schedule_over_all_epochs_below_the_stages_peak():
    """12 steps: half of them warm-up, then a cosine; all at half the rate."""
    rates, means = [], []
    learner, position = Records(), Position()
    config = replace(CONFIG, warmup_fraction=0.5)
    stage = Stage("refit", 1, np.arange(24), 3, peak=0.5)
    pixels = torch.zeros(24, 3, 8, 8, dtype=torch.uint8)

    def after_epoch(mean):
        means.append(mean)
        return len(means) == 2

    targets = np.repeat(np.arange(4), 6)
    fit(learner, pixels, targets, stage, config, position, after_step=rates.append, after_epoch=after_epoch)
    wanted = [step / 12 for step in range(1, 7)] + [0.25 * (1 + np.cos(np.pi * k / 6)) for k in (0, 1)]
    assert [seen[1] for seen in learner.seen] == pytest.approx(wanted, abs=1e-6), "it stops early where it is told to"
    assert [(mean["stage"], mean["epoch"], mean["step"]) for mean in means] == [("refit", 1, 4), ("refit", 2, 8)]
    assert (position.epoch, position.batch, position.rows, position.stopped) == (2, 0, [], True)


def test_a_set_of_few_faces_is_shown_once_an_epoch():
    sampler = make_sampler(Stage("choose", 0, np.arange(4), 1), np.repeat(np.arange(4), 1), CONFIG)
    assert sampler.rounds == 1
    assert make_sampler(Stage("choose", 0, np.arange(40), 1), np.repeat(np.arange(4), 10), CONFIG).rounds == 5
