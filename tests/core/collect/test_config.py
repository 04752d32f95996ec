"""What a collection may be asked for: a value outside is named with what is allowed."""

from __future__ import annotations

import pytest

from core.collect.config import CollectConfig
from core.errors import DataError


def test_defaults_are_fifty_pictures_of_sixty_four_pixels():
    config = CollectConfig()
    assert (config.limit, config.min_side, config.near, config.kind) == (50, 64, 6, "picture")


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [("limit", 1, 0), ("min_side", 1, 0), ("near", -1, -2), ("near", 64, 65), ("at_once", 256, 257), ("ahead", 1, 0)],
)
def test_the_ends_of_each_range(name, allowed, refused):
    assert getattr(CollectConfig(**{name: allowed}), name) == allowed
    with pytest.raises(DataError, match=rf"^{name} is a whole number .*, got {refused}\."):
        CollectConfig(**{name: refused})


def test_a_file_is_a_picture_or_a_face():
    with pytest.raises(DataError, match="kind is one of picture, face, got 'video'"):
        CollectConfig(kind="video")


def test_words_of_a_query_are_for_nobody_in_particular():
    assert CollectConfig(query="blue hair", unnamed=True).query == "blue hair"
    with pytest.raises(DataError, match="--query 'blue hair' needs --unnamed"):
        CollectConfig(query="blue hair")
