"""A setting declared once: its default, what is allowed and what it is for stand beside the field of its config.

The config checks itself with `check`, and `core.commands.arguments` makes the same declaration an option of the command
line, so that a page, a job and a terminal refuse the same values in the same words.

>>> @dataclass(frozen=True)
... class Example:
...     copies: int = option(3, low=1, high=10, help="copies to make")
...     def __post_init__(self):
...         check(self)
>>> Example(11)
Traceback (most recent call last):
core.errors.DataError: copies is a whole number from 1 to 10, got 11.
"""

from __future__ import annotations

import math
import types
import typing
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import DataError

_KEY = "option"
SEED = 2**63 - 1
"""The largest seed that NumPy and PyTorch take."""


@dataclass(frozen=True)
class Option:
    """What is allowed for a field and how the command line spells it.

    low, high: the smallest and largest value; above, below: the same, themselves excluded. choices: the only words.
    flag: `--name` where it is not the field's own; "" makes it a positional. each: a repeatable option takes one value
    at a time. output: a `file`, a `folder` (or file) or `rows` (a file that grows) that is written; whether it can be
    is checked before the work. group: its title in the help.
    """

    help: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    choices: tuple[str, ...] = ()
    flag: str | None = None
    metavar: str | tuple[str, ...] | None = None
    each: bool = False
    output: str = ""
    group: str = ""

    def problem(self, value: Any, kind: type) -> str:
        """What is wrong with a value, as `is ..., got ...`; "" where nothing is."""
        if kind is bool:
            return "" if isinstance(value, bool) else f"is True or False, got {value!r}"
        if self.choices:
            return "" if value in self.choices else f"is one of {', '.join(self.choices)}, got {value!r}"
        if kind is int and (not isinstance(value, int) or isinstance(value, bool)):
            return f"is {self.words(kind)}, got {value!r}"
        if kind is float and (not isinstance(value, int | float) or isinstance(value, bool) or math.isnan(value)):
            return f"is {self.words(kind)}, got {value!r}"
        if kind in (int, float):
            fits = (
                (self.low is None or value >= self.low)
                and (self.high is None or value <= self.high)
                and (self.above is None or value > self.above)
                and (self.below is None or value < self.below)
            )
            return "" if fits and math.isfinite(value) else f"is {self.words(kind)}, got {value!r}"
        return ""

    def words(self, kind: type) -> str:
        """What is allowed: `a whole number from 1 to 10`."""
        number = "a whole number" if kind is int else "a number"
        start = (
            f"from {self.low:,g}"
            if self.low is not None
            else f"above {self.above:,g}"
            if self.above is not None
            else ""
        )
        end = ""
        if self.high is not None:
            end = f"{'to' if self.low is not None else 'and up to'} {_number(self.high)}"
        elif self.below is not None:
            end = f"to below {_number(self.below)}"
        return " ".join(part for part in (number, start, end) if part)


def option(default: Any = MISSING, **about: Any) -> Any:
    """A field of a frozen dataclass with its `Option`. A field without a default is required."""
    return field(default=default, metadata={_KEY: Option(**about)})


def option_of(one: Field[Any]) -> Option:
    """The declaration of a field; an empty one where it has none."""
    found = one.metadata.get(_KEY, Option())
    assert isinstance(found, Option)
    return found


def kinds(config: Any) -> dict[str, tuple[type, bool, int]]:
    """Of each field: its plain type, whether it may be None, and how deep it is a tuple (0, 1 or 2)."""
    return _kinds(config)


@cache
def _kinds(config: Any) -> dict[str, tuple[type, bool, int]]:
    hints = typing.get_type_hints(config)
    return {one.name: _kind(hints[one.name]) for one in fields(config)}


def check(config: Any) -> None:
    """Refuse a config with a value that its fields do not allow. Raises DataError naming field, range and value."""
    for one in fields(config):
        kind, optional, depth = kinds(type(config))[one.name]
        value = getattr(config, one.name)
        if is_dataclass(kind) or (value is None and optional):
            continue
        for single in value if depth == 1 else () if depth else (value,):
            problem = option_of(one).problem(single, kind)
            if problem:
                raise DataError(f"{one.name} {problem}.")


def _kind(hint: Any) -> tuple[type, bool, int]:
    if isinstance(hint, types.UnionType):
        (inner,) = (h for h in typing.get_args(hint) if h is not type(None))
        return (*_kind(inner)[:1], True, _kind(inner)[2])
    if typing.get_origin(hint) is tuple:
        inner, _, depth = _kind(typing.get_args(hint)[0])
        return inner, False, depth + 1
    if hint in (int, float, str, bool, Path) or is_dataclass(hint):
        return hint, False, 0
    raise TypeError(f"{hint} has no form on the command line; use int, float, str, bool, Path, tuples or a config.")


def _number(value: float) -> str:
    return f"{value:,g}" if value < 1e6 or value >= 1e15 else f"{value:,.0f}"
