"""train: a preset and what of it is different, said so that a job can be told the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.commands.train import Arguments
from core.errors import DataError
from core.train.presets import PRESETS, preset


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_preset_by_itself_is_that_preset(name):
    assert Arguments(name).config() == preset(name)
    assert Arguments.of(preset(name)) == Arguments(name)


def test_what_is_different_comes_back_as_it_was():
    config = replace(preset("quick", seed=7), epochs=5, margin=None, learning_rate=0.01)
    args = Arguments.of(config)
    assert (args.preset, args.epochs, args.seed) == ("quick", 5, 7)
    assert args.config() == config
    assert "learning_rate=0.01" in args.settings


def test_recommended_is_what_one_starts_from_and_wrong_values_are_named():
    assert Arguments() == Arguments("recommended", None, None, 0, None, ())
    for values, words in (({"epochs": 0}, "epochs"), ({"preset": "best"}, "preset"), ({"settings": ("a=1",)}, "a")):
        with pytest.raises(DataError, match=words):
            Arguments(**values)


def test_a_workspace_without_a_split_says_what_to_do(run):
    code, _, words = run("train", "--preset", "quick")
    assert code == 1
    assert "balance" in words.lower() or "faces" in words
