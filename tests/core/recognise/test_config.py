"""How pictures are asked about unless one says otherwise, and the ends of each range."""

from __future__ import annotations

import pytest

from core.errors import DataError
from core.recognise.config import RecogniseConfig


def test_one_in_a_hundred_strangers_may_be_named_and_one_face_a_picture_gets_each_name():
    assert RecogniseConfig() == RecogniseConfig(0.01, False, False, False, None, "auto", None)


@pytest.mark.parametrize(
    ("name", "allowed", "refused"), [("far", (0.0001, 0.99), (0.0, 1.0)), ("min_score", (0.0, 1.0, None), (-0.1, 1.1))]
)
def test_the_ends_of_each_range(name, allowed, refused):
    for value in allowed:
        assert getattr(RecogniseConfig(**{name: value}), name) == value
    for value in refused:
        with pytest.raises(DataError, match=f"^{name} is "):
            RecogniseConfig(**{name: value})
