"""What balancing may be asked for: the article's numbers unless one says otherwise."""

from __future__ import annotations

import pytest

from core.balance.config import BalanceConfig
from core.errors import DataError


def test_defaults_are_the_articles():
    assert BalanceConfig() == BalanceConfig(32, False, "copy", 0.25, 0, 0)


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("per_character", (1, 10_000), (0, 10_001)),
        ("validation", (0.0, 0.99), (-0.01, 1.0)),
        ("strangers", (0, 100_000), (-1, 100_001)),
        ("seed", (0, 2**63 - 1), (-1, 2**63)),
        ("mode", ("copy", "augment"), ("twice",)),
    ],
)
def test_the_ends_of_each_range(name, allowed, refused):
    for value in allowed:
        assert getattr(BalanceConfig(**{name: value}), name) == value
    for value in refused:
        with pytest.raises(DataError, match=f"^{name} is "):
            BalanceConfig(**{name: value})
