"""Settings declared once: what is refused, in which words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from core.errors import DataError
from core.options import check, kinds, option


@dataclass(frozen=True)
class Example:
    copies: int = option(3, low=1, high=1_000_000)
    share: float = option(0.5, low=0, below=1)
    rate: float | None = option(None, above=0)
    mode: str = option("copy", choices=("copy", "augment"))
    ids: tuple[int, ...] = option((), low=1)
    place: Path = Path()

    def __post_init__(self) -> None:
        check(self)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"copies": 0}, "copies is a whole number from 1 to 1,000,000, got 0."),
        ({"copies": 1_000_001}, "copies is a whole number from 1 to 1,000,000, got 1000001."),
        ({"copies": 2.0}, "copies is a whole number from 1 to 1,000,000, got 2.0."),
        ({"copies": True}, "copies is a whole number from 1 to 1,000,000, got True."),
        ({"share": 1}, "share is a number from 0 to below 1, got 1."),
        ({"share": -0.1}, "share is a number from 0 to below 1, got -0.1."),
        ({"share": float("nan")}, "share is a number from 0 to below 1, got nan."),
        ({"rate": 0.0}, "rate is a number above 0, got 0.0."),
        ({"rate": float("inf")}, "rate is a number above 0, got inf."),
        ({"mode": "swap"}, "mode is one of copy, augment, got 'swap'."),
        ({"ids": (4, 0)}, "ids is a whole number from 1, got 0."),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_the_range(values, words):
    with pytest.raises(DataError) as refused:
        Example(**values)
    assert str(refused.value) == words


def test_the_ends_of_a_range_are_allowed():
    assert Example(copies=1, share=0, rate=None, ids=(1, 9)).copies == 1
    assert Example(copies=1_000_000, share=0.999, rate=1e-9).share == 0.999


def test_the_type_of_a_field_is_known():
    assert kinds(Example)["rate"] == (float, True, 0)
    assert kinds(Example)["ids"] == (int, False, 1)
    assert kinds(Example)["place"] == (Path, False, 0)
