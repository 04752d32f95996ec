"""What a site's robots.txt allows, after RFC 9309: the longest rule wins, `*` and `$` are understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

LONGEST = 500_000
"""Bytes of a robots.txt that are read (RFC 9309 asks for at least 500 KiB)."""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for us: (allowed, pattern) pairs, and the pause between two requests that the site asks for."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float = 0.0

    @classmethod
    def parse(cls, text: str, agent: str) -> Robots:
        """The group for our agent's name (before the first `/`), else the group for `*`, else no rules."""
        own, everyone = _Group(), _Group()
        current: list[_Group] = []
        naming = False
        token = agent.split("/")[0].split()[0].lower() if agent.split() else ""
        for line in text.lstrip("\ufeff").splitlines():
            key, _, value = line.partition("#")[0].partition(":")
            key, value = key.strip().lower(), value.strip()
            if key == "user-agent":
                if not naming:
                    current = []
                naming = True
                name = value.split("/")[0].lower()
                if name == token:
                    own.present = True
                    current.append(own)
                elif name == "*":
                    everyone.present = True
                    current.append(everyone)
            elif key in ("allow", "disallow", "crawl-delay"):
                naming = False
                for group in current:
                    group.add(key, value)
        chosen = own if own.present else everyone
        return cls(tuple(chosen.rules), chosen.delay)

    def allows(self, path: str) -> bool:
        """Whether a path (with its query) may be fetched. Of equally long rules, allowing wins."""
        path = unquote(path) or "/"
        best = (-1, True)
        for allowed, pattern in self.rules:
            if _matches(pattern, path):
                best = max(best, (len(pattern), allowed))
        return best[1]


ALL = Robots()
"""No robots.txt (4xx): everything may be fetched."""


class _Group:
    def __init__(self) -> None:
        self.present, self.delay = False, 0.0
        self.rules: list[tuple[bool, str]] = []

    def add(self, key: str, value: str) -> None:
        if key == "crawl-delay":
            if re.fullmatch(r"\d+(\.\d+)?", value):
                self.delay = float(value)
        elif value:
            self.rules.append((key == "allow", unquote(value)))


def _matches(pattern: str, path: str) -> bool:
    """Whether a rule's pattern matches the beginning of a path, without backtracking over hostile patterns."""
    ends = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    for n, part in enumerate(rest):
        if ends and n == len(rest) - 1:
            return len(path) - len(part) >= position and path.endswith(part)
        found = path.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return position == len(path) if ends else True
