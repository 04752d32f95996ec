"""What a collection may be asked for: a value outside is named with what is allowed."""

from __future__ import annotations

import pytest

from core.collect.config import CollectConfig
from core.errors import DataError


@pytest.mark.parametrize(
    ("name", "usual", "low", "high"),
    [
        ("limit", 50, 1, 1_000_000),
        ("min_side", 64, 1, 100_000),
        ("near", 6, -1, 64),
        ("at_once", 16, 1, 256),
        ("ahead", 64, 1, 10_000),
        ("give_up_after", 3, 1, 1_000_000),
    ],
)
def test_what_is_usual_and_the_ends_of_each_range(name, usual, low, high):
    assert getattr(CollectConfig(), name) == usual
    for allowed in (low, high):
        assert getattr(CollectConfig(**{name: allowed}), name) == allowed
    for refused in (low - 1, high + 1):
        with pytest.raises(DataError, match=rf"^{name} is a whole number .*, got {refused}\."):
            CollectConfig(**{name: refused})


def test_usually_pictures_of_somebody_are_collected():
    assert (CollectConfig().kind, CollectConfig().unnamed, CollectConfig().query) == ("picture", False, "")


def test_a_file_is_a_picture_or_a_face():
    with pytest.raises(DataError, match="kind is one of picture, face, got 'video'"):
        CollectConfig(kind="video")


def test_words_of_a_query_are_for_nobody_in_particular():
    assert CollectConfig(query="blue hair", unnamed=True).query == "blue hair"
    with pytest.raises(DataError, match="--query 'blue hair' needs --unnamed"):
        CollectConfig(query="blue hair")
