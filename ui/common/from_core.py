"""Words that core says and pages show: what is done, what is missing, why. They arrive as English sentences with names
and numbers filled in; here each is found again by its template, and said in the language of the page.

What is in no template stays as it is: English, and whatever a person wrote.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ui.common.core_sentences import PLURALS, SENTENCES
from ui.common.language import ENGLISH, _, language, ngettext, translation
from ui.common.text import sentence

_FIELD = re.compile(r"\{(\w+)(?::,)?\}")
_NUMBER = r"-?[\d.,]+ ?%?"

_COUNTED = r"(?:an?|[\d,]+) [a-z][a-z -]*?"

COUNTS = frozenset(("faces", "pictures", "characters", "copies", "runs", "boxes", "files", "labels"))
"""Fields that hold a number and a noun of core."""

WORDS = frozenset(("text", "why", "how", "who"))
"""Fields that hold other words of core; a name that happens to be such a word is left alone."""


def said(text: str) -> str:
    """A sentence, a label or several lines of core in the language of the page.

    >>> said("kept 3 faces")
    'kept 3 faces'
    """
    if language() == ENGLISH or not text:
        return text
    words = _(text)
    if words != text:
        return words
    found = _matched(text, language())
    for between in ("\n", "; "):
        if found == text and between in text:
            return between.join(map(said, text.split(between)))
    return found


def said_sentence(text: str) -> str:
    """Words of core as a sentence of their own, in the language of the page; a name that begins it stays as it was
    written.

    >>> said_sentence("kaede deleted"), said_sentence("kept 3 faces")
    ('kaede deleted.', 'Kept 3 faces.')
    """
    return _("{words}.", words=said(text)) if _begins_with_name(text) else sentence(said(text))


@lru_cache(maxsize=5000)
def _begins_with_name(text: str) -> bool:
    template = next((template for pattern, template in _patterns() if pattern.fullmatch(text)), "")
    first = _FIELD.match(template)
    return first is not None and len(first[1]) > 1 and first[1] not in COUNTS | WORDS


@lru_cache(maxsize=5000)
def _matched(text: str, code: str) -> str:
    """code: of the language, so that each has its own answers."""
    for pattern, template in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return _refilled(translation(code).gettext(template), found.groupdict())
    for pattern, one, many in _counted():
        found = pattern.fullmatch(text)
        if found is not None:
            return ngettext(one, many, int(found["n"].replace(",", "")))
    return text


def _refilled(words: str, values: dict[str, str]) -> str:
    """The template with its values: words of core are said in that language too, names and numbers stay."""

    def value(field: re.Match[str]) -> str:
        what = values.get(field[1], field[0])  # a slip in a translation takes no page away
        return said(what) if field[1] in COUNTS | WORDS else what

    return _FIELD.sub(value, words)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The templates, those with most words of their own first."""
    ordered = sorted(SENTENCES, key=lambda one: -len(_FIELD.sub("", one)))
    return [(_pattern(template), template) for template in ordered]


@cache
def _counted() -> list[tuple[re.Pattern[str], str, str]]:
    return [(_pattern(words), *pair) for pair in PLURALS for words in pair]


def _pattern(template: str) -> re.Pattern[str]:
    """What a filled-in template looks like."""
    parts, at = [], 0
    for found in _FIELD.finditer(template):
        name = found[1]
        parts.append(re.escape(template[at : found.start()]))
        what = _NUMBER if len(name) == 1 else _COUNTED if name in COUNTS else ".+?"
        parts.append(f"(?P<{name}>{what})")
        at = found.end()
    return re.compile("".join(parts) + re.escape(template[at:]), re.DOTALL)
