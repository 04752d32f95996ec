"""The settings of a training."""

import json
import math
from dataclasses import fields, replace

import pytest

from core.errors import DataError
from core.train.config import CHOICES, NUMBERS, OLD_NAMES, WHOLE_NUMBERS, TrainConfig


def test_it_comes_back_from_disk(tmp_path):
    config = TrainConfig(margin=0.15, epochs=7, init="imagenet")
    config.save(tmp_path / "config.json")
    assert TrainConfig.load(tmp_path / "config.json") == config


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"init": "magic"}, "'magic'; choose one of: pretrained, imagenet, random"),
        ({"architecture": "vgg"}, "'vgg'; choose one of: small"),
        ({"mining": "x"}, "batch_hard, batch_all, semi_hard"),
        ({"schedule": "x"}, "cosine"),
        ({"optimiser": "x"}, "adamw"),
        ({"augment": "x"}, "standard"),
        ({"precision": "x"}, "bfloat16"),
        ({"preset": "../../x"}, "up to 40 of a-z"),
        ({"preset": ""}, "up to 40 of a-z"),
        ({"preset": "a" * 41}, "up to 40 of a-z"),
        ({"classes_per_batch": 1}, "classes_per_batch is a whole number from 2 to 256, got 1"),
        ({"classes_per_batch": 2.5}, "a whole number from 2 to 256, got 2.5"),
        ({"samples_per_class": 1}, "from 2 to 64, got 1"),
        ({"epochs": 0}, "epochs is a whole number from 1"),
        ({"epochs": True}, "got True"),
        ({"margin": 0.0}, "margin is a number from 0.001 to 10, got 0.0"),
        ({"refit_fraction": "0.2"}, "refit_fraction is a number from 0 to 1, got '0.2'"),
        ({"mining": "none", "cross_entropy": 0}, "Nothing would be learned"),
        ({"triplet_weight": 0, "cross_entropy": 0}, "Nothing would be learned"),
        ({"mining": "semi_hard"}, "needs a margin"),
        ({"freeze_batchnorm": 1, "init": "imagenet"}, "no freeze_batchnorm 1; choose one of: False, True"),
        ({"freeze_batchnorm": True}, "statistics that random weights do not have"),
        ({"frozen_stages": 1}, "keeps what the shipped encoder has learned"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(changes, words):
    with pytest.raises(DataError, match=words):
        replace(TrainConfig(), **changes)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1, 10**30])
@pytest.mark.parametrize("name", [*WHOLE_NUMBERS, *NUMBERS])
def test_every_number_has_a_range(name, value):
    with pytest.raises(DataError, match=f"{name} is a "):
        replace(TrainConfig(), **{name: value})


def test_every_setting_is_checked():
    assert {f.name for f in fields(TrainConfig)} == {"preset", *CHOICES, *WHOLE_NUMBERS, *NUMBERS}


@pytest.mark.parametrize("name", [*WHOLE_NUMBERS, *NUMBERS])
def test_the_ends_of_a_range_are_allowed(name):
    for value in (WHOLE_NUMBERS | NUMBERS)[name]:
        assert getattr(replace(TrainConfig(init="pretrained"), **{name: value}), name) == value


def test_a_key_of_another_version_is_named():
    with pytest.raises(DataError, match="knows no colour"):
        TrainConfig.from_dict({"colour": 1})


@pytest.mark.parametrize("content", ["", "[]", "{", '{"epochs": "many"}', '{"rate": 0.1, "learning_rate": 0.1}'])
def test_a_broken_file_is_said(tmp_path, content):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(DataError, match="not the config"):
        TrainConfig.load(tmp_path / "config.json")


OLD = {
    "preset": "recommended", "init": "pretrained", "architecture": "efficientnet_lite2", "size": 96, "dim": 64,
    "width": 40, "characters": 6, "faces": 3, "triplet": "semi_hard", "margin": 0.3, "triplet_weight": 1.0,
    "cross_entropy": 1.0, "label_smoothing": 0.1, "augment": "standard", "optimiser": "adamw", "rate": 0.001,
    "backbone_rate": 0.5, "weight_decay": 0.02, "schedule": "cosine", "warm_up": 0.2, "step_epochs": 3,
    "step_factor": 0.8, "epochs": 24, "max_steps": 600, "frozen_epochs": 0, "average": 0.9, "validate_every": 2,
    "patience": 6, "refit": 0.25, "refit_rate": 0.4, "keep": 0.75, "precision": "bfloat16", "seed": 3,
}  # fmt: skip
"""A config.json as it was written before the settings were renamed."""


def test_a_config_with_the_old_names_is_read_and_written_with_the_new_ones(tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(OLD))
    config = TrainConfig.load(path)
    assert (config.image_size, config.embedding_dim, config.mining) == (96, 64, "semi_hard")
    assert (config.classes_per_batch, config.samples_per_class) == (6, 3)
    assert (config.learning_rate, config.backbone_lr_scale, config.warmup_fraction) == (0.001, 0.5, 0.2)
    assert (config.ema_decay, config.refit_fraction, config.refit_lr_scale) == (0.9, 0.25, 0.4)
    assert config.weight_interpolation == 0.75
    assert not set(OLD_NAMES) & set(config.as_dict())


@pytest.mark.parametrize(("old", "new"), OLD_NAMES.items())
def test_a_setting_under_both_its_names_is_refused(old, new):
    value = TrainConfig().as_dict()[new]
    with pytest.raises(DataError, match=f"{new} twice"):
        TrainConfig.from_dict({old: value, new: value})
    with pytest.raises(DataError, match=f"{new} twice.*{old} is its old name"):
        TrainConfig().with_settings([f"{new}={value}", f"{old}={value}"])


def test_settings_of_the_command_line_are_read_in_their_own_types_by_both_names():
    config = TrainConfig().with_settings(["rate=5e-4", "image_size=48", "triplet=batch_all", "margin=0.2"])
    assert (config.learning_rate, config.image_size, config.mining, config.margin) == (5e-4, 48, "batch_all", 0.2)
    assert config.with_settings(["margin=none"]).margin is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("epochs", "takes NAME=VALUE, got 'epochs'. Names: preset"),
        ("save=1", "takes NAME=VALUE"),
        ("epochs=1e9", "epochs takes a whole number, got '1e9'"),
        ("epochs=none", "epochs takes a whole number, got 'none'"),
        ("rate=fast", "learning_rate takes a number, got 'fast'"),
        ("rate=nan", "learning_rate is a number from 1e-08 to 1, got nan"),
        ("learning_rate=inf", "got inf"),
        ("margin=1e9", "margin is a number from 0.001 to 10"),
        ("freeze_batchnorm=maybe", "'maybe'; choose one of: False, True"),
        ("preset=../../x", "up to 40 of a-z"),
    ],
)
def test_a_wrong_setting_of_the_command_line_is_refused_in_words(text, words):
    with pytest.raises(DataError, match=words):
        TrainConfig().with_settings([text])
