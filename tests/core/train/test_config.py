"""The settings of a training."""

from dataclasses import replace

import pytest

from core.errors import DataError
from core.train.config import TrainConfig


def test_it_comes_back_from_disk(tmp_path):
    config = TrainConfig(margin=0.15, epochs=7, init="imagenet")
    config.save(tmp_path / "config.json")
    assert TrainConfig.load(tmp_path / "config.json") == config


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"init": "magic"}, "'magic'; choose one of: pretrained, imagenet, random"),
        ({"triplet": "x"}, "batch_hard, batch_all, semi_hard"),
        ({"schedule": "x"}, "cosine"),
        ({"optimiser": "x"}, "adamw"),
        ({"augment": "x"}, "standard"),
        ({"precision": "x"}, "bfloat16"),
        ({"characters": 1}, "from 2 to 256, got 1"),
        ({"faces": 1}, "from 2 to 64, got 1"),
        ({"epochs": 0}, "epochs is from 1"),
        ({"rate": 0}, "rate"),
        ({"rate": float("nan")}, "rate"),
        ({"refit": 2}, "refit"),
        ({"triplet": "none", "cross_entropy": 0}, "Nothing would be learned"),
        ({"triplet": "semi_hard"}, "needs a margin"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(changes, words):
    with pytest.raises(DataError, match=words):
        replace(TrainConfig(), **changes)


def test_a_key_of_another_version_is_named():
    with pytest.raises(DataError, match="knows no colour"):
        TrainConfig.from_dict({"colour": 1})


@pytest.mark.parametrize("content", ["", "[]", "{", '{"epochs": "many"}'])
def test_a_broken_file_is_said(tmp_path, content):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(DataError, match="not the config"):
        TrainConfig.load(tmp_path / "config.json")
