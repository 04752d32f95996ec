"""Words that pages share: numbers, sizes and times as a person reads them, and text that Markdown leaves alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ui.common.language import _, ngettext

_SPECIAL = re.compile(r"([\\`*_\[\]<~$]|:(?=[A-Za-z])|^#)", re.MULTILINE)


def plain(text: str) -> str:
    """The text with Markdown's signs escaped: names and messages are shown as they are.

    >>> plain("a_b")
    'a\\\\_b'
    """
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "  \n")


def capital(words: str) -> str:
    """Words with a capital first.

    >>> capital("3 faces kept")
    '3 faces kept'
    """
    return words[:1].upper() + words[1:]


def sentence(words: str) -> str:
    """Words as a sentence of their own: a capital first, and the language's full stop last.

    >>> sentence("no map yet")
    'No map yet.'
    """
    return _("{words}.", words=capital(words))


def count(n: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 picture`, `1,200 pictures`, in the language of the page.

    >>> count(2, "face")
    '2 faces'
    """
    return ngettext(f"{{n:,}} {noun}", f"{{n:,}} {plural or noun + 's'}", n)


def duration(seconds: float) -> str:
    """Seconds as `8 s`, `2 min 5 s` or `1 h 10 min`."""
    seconds = max(round(seconds), 0)
    if seconds < 60:
        return _("{seconds} s", seconds=seconds)
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        whole = minutes >= 10 or not rest
        return _("{m} min", m=minutes) if whole else _("{m} min {s} s", m=minutes, s=rest)
    hours, minutes = divmod(minutes, 60)
    return _("{h} h {m} min", h=hours, m=minutes) if minutes else _("{h} h", h=hours)


def size(n: float) -> str:
    """Bytes as `12 kB`, `3.4 MB` or `1.2 GB`."""
    for unit, divisor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n >= divisor:
            return f"{n / divisor:.1f} {unit}" if n < 10 * divisor else f"{n / divisor:.0f} {unit}"
    return _("{n} bytes", n=round(n))


def rate(per_second: float) -> str:
    """How fast: `12/s`, `2.5/s`, or `8/min` where it is slow."""
    if per_second >= 10:
        return _("{n:.0f}/s", n=per_second)
    return _("{n:.1f}/s", n=per_second) if per_second >= 0.5 else _("{n:.1f}/min", n=per_second * 60)


def ago(at: str) -> str:
    """An ISO time as `just now`, `5 minutes ago`, `yesterday`'s kind of words; empty for an empty one."""
    if not at:
        return ""
    then = datetime.fromisoformat(at)
    seconds = (datetime.now(UTC) - (then if then.tzinfo else then.replace(tzinfo=UTC))).total_seconds()
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return ngettext("{n} minute ago", "{n} minutes ago", int(seconds // 60))
    if seconds < 86400:
        return ngettext("{n} hour ago", "{n} hours ago", int(seconds // 3600))
    return ngettext("{n} day ago", "{n} days ago", int(seconds // 86400))
