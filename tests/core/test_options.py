"""Settings declared once: what is refused, in which words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from core.errors import DataError
from core.options import Option, check, kinds, option


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


@pytest.mark.parametrize(
    ("about", "kind", "words"),
    [
        ({"low": 1}, int, "a whole number from 1"),
        ({"low": 0, "high": 0.5}, float, "a number from 0 to 0.5"),
        ({"above": 0, "high": 1}, float, "a number above 0 and up to 1"),
        ({"above": 0, "below": 1}, float, "a number above 0 to below 1"),
        ({"low": 1000, "high": 999_999}, int, "a whole number from 1,000 to 999,999"),
        ({"low": 1, "high": 1_000_000}, int, "a whole number from 1 to 1,000,000"),
        ({"low": 1, "high": 123_456_789}, int, "a whole number from 1 to 123,456,789"),
        ({"low": 0, "high": 10**15}, int, "a whole number from 0 to 1e+15"),
        ({}, float, "a number"),
    ],
)
def test_a_range_in_words(about, kind, words):
    assert Option(**about).words(kind) == words


@pytest.mark.parametrize(
    ("about", "value", "kind", "fine"),
    [
        ({"low": 1, "high": 3}, 1, int, True),
        ({"low": 1, "high": 3}, 3, int, True),
        ({"low": 1, "high": 3}, 0, int, False),
        ({"low": 1, "high": 3}, 4, int, False),
        ({"above": 1, "below": 3}, 1, float, False),
        ({"above": 1, "below": 3}, 3, float, False),
        ({"above": 1, "below": 3}, 2, float, True),
        ({}, float("-inf"), float, False),
        ({}, True, float, False),
        ({}, "2", float, False),
        ({}, True, bool, True),
        ({}, 1, bool, False),
        ({}, "yes", bool, False),
        ({}, "anything", str, True),
    ],
)
def test_what_a_field_takes(about, value, kind, fine):
    assert (Option(**about).problem(value, kind) == "") is fine


@dataclass(frozen=True)
class Odd:
    about: dict = option(None)


def test_a_field_that_no_command_line_can_hold_is_an_error():
    with pytest.raises(TypeError, match="has no form on the command line"):
        kinds(Odd)
