"""A command's arguments as one frozen dataclass: from it the options of the command line, and back.

    declare(parser, BalanceArguments)           adds an option for each field, a config inside included
    read(BalanceArguments, namespace)           what was parsed, as a value
    words(BalanceArguments(...))                the value as words of the command line; defaults are left out

`read(type(a), parser.parse_args(words(a))) == a` for every value `a`, which is what pages, jobs and the tour rely on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from core.options import Option, kinds, option_of

A = TypeVar("A")


@dataclass(frozen=True)
class Argument:
    """A field of the dataclass, or of a config in it, as the command line sees it."""

    name: str
    kind: type
    optional: bool
    depth: int
    default: Any
    about: Option

    @property
    def flag(self) -> str:
        """`--per-character`; "" for a positional."""
        return "--" + self.name.replace("_", "-") if self.about.flag is None else self.about.flag

    @property
    def required(self) -> bool:
        return self.default is MISSING


def arguments_of(config: type, default: Any = None) -> Iterator[Argument]:
    """Every argument of a dataclass, those of the configs inside it among them, in order."""
    for one in fields(config):
        kind, optional, depth = kinds(config)[one.name]
        value = _default(one) if default is None else getattr(default, one.name)
        if is_dataclass(kind):
            yield from arguments_of(kind, kind() if value is MISSING else value)
        else:
            yield Argument(one.name, kind, optional, depth, value, option_of(one))


def declare(parser: argparse.ArgumentParser, config: type) -> None:
    """Add the options of a dataclass to a parser. Raises argparse.ArgumentError for a name that is there already."""
    groups: dict[str, argparse._ArgumentGroup] = {}
    for one in arguments_of(config):
        title = one.about.group
        if title and title not in groups:
            groups[title] = parser.add_argument_group(title)
        (groups[title] if title else parser).add_argument(*_names(one), **_settings(one))


def read(config: Callable[..., A], parsed: argparse.Namespace) -> A:
    """The dataclass out of what was parsed. Raises DataError where its values do not go together."""
    values: dict[str, Any] = {}
    for one in fields(config):  # type: ignore[arg-type]
        kind, optional, depth = kinds(config)[one.name]
        if is_dataclass(kind):
            values[one.name] = read(kind, parsed)
            continue
        value = getattr(parsed, one.name)
        if value is None and kind is str and not optional:
            value = ""
        if depth == 2:
            value = tuple(tuple(group) for group in value)
        values[one.name] = tuple(value) if depth else value
    return config(**values)


def words(value: Any) -> list[str]:
    """The words of the command line that mean this value: positionals first, then what is not the default.

    >>> from core.commands.balance import Arguments
    >>> from core.balance.config import BalanceConfig
    >>> words(Arguments(BalanceConfig(per_character=20, cap=True)))
    ['--per-character', '20', '--cap']
    """
    positional: list[str] = []
    options: list[str] = []
    for one, content in given(value):
        if content == one.default:
            continue
        if not one.flag:
            positional += [_positional(one, v) for v in (content if one.depth else (content,))]
        elif one.depth == 2:
            for group in content:
                options += [one.flag, *map(str, group)]
        elif one.depth == 1 and not one.about.each and not any(str(v).startswith("-") for v in content):
            options += [one.flag, *map(str, content)]
        else:
            for single in content if one.depth else (content,):
                options += _option(one, single)
    return positional + options


def given(value: Any, default: Any = None) -> Iterator[tuple[Argument, Any]]:
    """Each argument with the value that it has."""
    for one in fields(value):
        kind, optional, depth = kinds(type(value))[one.name]
        before = _default(one) if default is None else getattr(default, one.name)
        inner = getattr(value, one.name)
        if is_dataclass(kind):
            yield from given(inner, kind() if before is MISSING else before)
        else:
            yield Argument(one.name, kind, optional, depth, before, option_of(one)), inner


def _option(one: Argument, value: Any) -> list[str]:
    if one.kind is bool:
        return [one.flag if value else "--no-" + one.flag.removeprefix("--")]
    if value is None:
        raise ValueError(f"{one.flag} cannot be taken back to nothing on the command line")
    return [f"{one.flag}={value}"] if str(value).startswith("-") else [one.flag, str(value)]


def _positional(one: Argument, value: Any) -> str:
    return f"./{value}" if str(value).startswith("-") else str(value)


def _default(one: Field[Any]) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default


def _names(one: Argument) -> tuple[str, ...]:
    if not one.flag:
        return (one.name,)
    if one.kind is bool and one.default is True:
        return ("--no-" + one.flag.removeprefix("--"),)
    return (one.flag,)


def _settings(one: Argument) -> dict[str, Any]:
    """What argparse is told of an argument."""
    about = one.about
    told: dict[str, Any] = {"help": _help(one)} if about.help else {}
    if one.flag:
        told["dest"] = one.name
    if one.kind is bool:
        return told | {"action": "store_false" if one.default is True else "store_true"}
    if about.choices:
        told["choices"] = about.choices
    else:
        told["type"] = _reader(one)
        told["metavar"] = about.metavar or one.flag.removeprefix("--").replace("-", "_").upper()
    if one.depth:
        told["nargs"] = None if about.each else "+"
        told["action"] = "append" if about.each or one.depth == 2 else "extend"
        if not one.flag:
            del told["action"]
    if one.flag:
        told["required"] = one.required
        # argparse would read a default of "" like an option that was given so, which is refused.
        told["default"] = [] if one.depth else None if one.required or one.default == "" else one.default
    return {key: value for key, value in told.items() if value is not None or key == "default"}


def _help(one: Argument) -> str:
    text = one.about.help.replace("%", "%%")
    shown = not one.required and one.default not in (None, "", False, True, ()) and "default" not in text
    return f"{text} (default {one.default})" if shown else text


def _reader(one: Argument) -> Callable[[str], Any]:
    """A function from an option's text to its value; what it refuses is wrong usage (exit code 2)."""

    def number(text: str) -> Any:
        try:
            value = one.kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(_wrong(one, text)) from None
        if one.about.problem(value, one.kind):
            raise argparse.ArgumentTypeError(_wrong(one, text))
        return value

    def filled(text: str) -> Any:
        if not text.strip():
            what = "a path" if one.kind is Path else "a name"
            raise argparse.ArgumentTypeError(f"{what} is needed here, but this is empty")
        return one.kind(text)

    if one.kind in (int, float):
        return number
    return filled


def _wrong(one: Argument, text: str) -> str:
    return f"it takes {one.about.words(one.kind)}, got {text[:40]!r}"
