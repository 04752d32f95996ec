"""A step's settings as the words of the command line: only what differs from the defaults is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def options(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[str]:
    """`--name value` for each value that is not the default; a switch for True; None is left out.

    >>> options({"per_character": 20, "cap": True, "seed": 0}, {"per_character": 32, "cap": False, "seed": 0})
    ['--per-character', '20', '--cap']
    """
    words: list[str] = []
    for name, value in values.items():
        if value == defaults.get(name) or value is None or value is False:
            continue
        words.append("--" + name.replace("_", "-"))
        if value is not True:
            words.append(str(value))
    return words
