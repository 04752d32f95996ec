"""Every sentence that a page shows: what stands in `_()`, `N_()`, `ngettext()` and `count()`, and those of core."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.settings import ROOT
from ui.common.core_sentences import PLURALS, SENTENCES

CORE = "ui/common/core_sentences.py"


@dataclass(frozen=True)
class Message:
    """one: the sentence, its key; many: its plural, "" without one; where: files that have it."""

    one: str
    many: str = ""
    where: list[str] = field(default_factory=list)


def sources(root: Path = ROOT) -> list[Path]:
    """The modules whose words a person sees."""
    return [root / "Home.py", *sorted((root / "pages").glob("*.py")), *sorted((root / "ui").rglob("*.py"))]


def messages(root: Path = ROOT) -> list[Message]:
    """All of them, each once, in the order in which they occur."""
    found: dict[str, Message] = {}
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        if name == CORE:
            continue
        for one, many in of_module(path.read_text(encoding="utf-8")):
            _add(found, one, many, name)
    for one in SENTENCES:
        _add(found, one, "", CORE)
    for one, many in PLURALS:
        _add(found, one, many, CORE)
    return list(found.values())


def of_module(text: str) -> Iterator[tuple[str, str]]:
    """(sentence, plural or "") of every call in a module that marks one.

    >>> list(of_module('_("Keep"); count(n, "copy", "copies"); ngettext("{n} day", "{n} days", n)'))
    [('Keep', ''), ('{n:,} copy', '{n:,} copies'), ('{n} day', '{n} days')]
    """
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if node.func.id == "heads" and isinstance(node.args[0], ast.Tuple):
            yield from ((a.value, "") for a in node.args[0].elts if isinstance(a, ast.Constant))
        if node.func.id in ("_", "N_") and words:
            yield words[0], ""
        elif node.func.id == "ngettext" and len(words) == 2:
            yield words[0], words[1]
        elif node.func.id == "count" and words:
            noun, plural = words[0], words[1] if len(words) > 1 else f"{words[0]}s"
            yield f"{{n:,}} {noun}", f"{{n:,}} {plural}"


def _add(found: dict[str, Message], one: str, many: str, name: str) -> None:
    message = found.setdefault(one, Message(one, many))
    if many and not message.many:
        message = found[one] = Message(one, many, message.where)
    if name not in message.where:
        message.where.append(name)
