"""Words that pages share: numbers, sizes and times as a person reads them, and text that Markdown leaves alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_SPECIAL = re.compile(r"([\\`*_\[\]<~$]|:(?=[A-Za-z])|^#)", re.MULTILINE)


def plain(text: str) -> str:
    """The text with Markdown's signs escaped: names and messages are shown as they are.

    >>> plain("a_b")
    'a\\\\_b'
    """
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "  \n")


def count(n: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 picture`, `1,200 pictures`.

    >>> count(2, "face")
    '2 faces'
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def duration(seconds: float) -> str:
    """Seconds as `8 s`, `2 min 5 s` or `1 h 10 min`."""
    seconds = max(round(seconds), 0)
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes < 10 and rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def size(n: float) -> str:
    """Bytes as `12 kB`, `3.4 MB` or `1.2 GB`."""
    for unit, divisor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n >= divisor:
            return f"{n / divisor:.1f} {unit}" if n < 10 * divisor else f"{n / divisor:.0f} {unit}"
    return f"{round(n)} bytes"


def rate(per_second: float) -> str:
    """How fast: `12/s`, `2.5/s`, or `8/min` where it is slow."""
    if per_second >= 10:
        return f"{per_second:.0f}/s"
    return f"{per_second:.1f}/s" if per_second >= 0.5 else f"{per_second * 60:.1f}/min"


def ago(at: str) -> str:
    """An ISO time as `just now`, `5 minutes ago`, `yesterday`'s kind of words; empty for an empty one."""
    if not at:
        return ""
    then = datetime.fromisoformat(at)
    seconds = (datetime.now(UTC) - (then if then.tzinfo else then.replace(tzinfo=UTC))).total_seconds()
    for limit, divisor, noun in ((3600, 60, "minute"), (86400, 3600, "hour"), (float("inf"), 86400, "day")):
        if seconds < 60:
            return "just now"
        if seconds < limit:
            return f"{count(int(seconds // divisor), noun)} ago"
    return ""
