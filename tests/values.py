"""Tables of fixed values in tests: what a constant is, and what is taken where a caller says nothing."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from types import ModuleType
from typing import Any


def other_values(table: Iterable[tuple[ModuleType, str, Any]]) -> list[str]:
    """The rows (module, name, value) that the module says otherwise, in words."""
    return [
        f"{module.__name__}.{name} is {getattr(module, name, 'gone')!r}, it was {value!r}"
        for module, name, value in table
        if getattr(module, name, "gone") != value
    ]


def other_defaults(table: Iterable[tuple[Any, dict[str, Any]]]) -> list[str]:
    """The rows (function, class or dataclass, defaults by name) that take something else by default, in words."""
    return [
        f"{thing.__qualname__} takes {name}={_defaults(thing).get(name, 'nothing')!r} by default, it took {value!r}"
        for thing, values in table
        for name, value in values.items()
        if _defaults(thing).get(name, "nothing") != value
    ]


def _defaults(thing: Any) -> dict[str, Any]:
    if is_dataclass(thing):
        return {one.name: one.default for one in fields(thing) if one.default is not MISSING}
    return {name: one.default for name, one in inspect.signature(thing).parameters.items()}
