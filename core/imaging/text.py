"""Bytes that should be text: UTF-8, UTF-16, or one of the code pages that Windows and old archivers write.

A zip without the UTF-8 flag, a classes.txt of a Japanese Windows and a CSV out of a spreadsheet do not say how they are
encoded. UTF-8 is tried first, for text that is valid UTF-8 hardly ever is anything else. Of the code pages the one
wins in whose reading the characters look most like names: common kana, kanji and hangul, accented letters inside Latin
words; box-drawing signs, half-width kana and private characters speak against it.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

CODE_PAGES = ("cp932", "gbk", "cp949", "big5", "euc_jp", "cp437", "cp1252", "cp850", "cp866", "cp1251")
"""Tried in this order; the first of equally good ones wins."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode_text(data: bytes) -> str:
    """The text of a file: by its byte order mark, as UTF-16 where every other byte is 0, as UTF-8, else a code page."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    head = data[:2000]
    if len(data) >= 4 and len(data) % 2 == 0 and b"\0" in head:
        odd, even = head[1::2].count(0), head[::2].count(0)
        if max(odd, even) > 0.3 * len(head) / 2:
            return data.decode("utf-16-le" if odd >= even else "utf-16-be", "replace")
    return _decode([data])[0]


def decode_names(names: Sequence[bytes]) -> list[str]:
    """Names of one archive or folder, decoded alike: all of them together tell the code page better than each alone.

    >>> decode_names([b"\\x83\\\\\\x83t\\x83B\\x81[", "ë".encode()])[0]
    'ソフィー'
    """
    return _decode(list(names))


def _decode(pieces: list[bytes]) -> list[str]:
    try:
        return [piece.decode("utf-8") for piece in pieces]
    except UnicodeDecodeError:
        pass
    foreign = [piece for piece in pieces if not _is_utf8(piece)]
    page = best_code_page(b"\n".join(dict.fromkeys(foreign)))
    # Some archivers mark each name by itself: what is UTF-8 stays UTF-8.
    return [piece.decode("utf-8") if _is_utf8(piece) else piece.decode(page, "replace") for piece in pieces]


def _is_utf8(piece: bytes) -> bool:
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def best_code_page(data: bytes) -> str:
    """Which of CODE_PAGES the bytes most likely are written in."""
    scores = {}
    for page in CODE_PAGES:
        try:
            scores[page] = _likeness(data[:20_000].decode(page), page)
        except UnicodeDecodeError:
            continue
    return max(scores, key=scores.__getitem__) if scores else "cp1252"


def _likeness(text: str, page: str) -> float:
    """How much a reading looks like names, a mean over its bytes outside ASCII; 1 is the best."""
    total, n = 0.0, 0
    for i, char in enumerate(text):
        if char < "\x80":
            total, n = total - 2 * (char < " " and char not in "\t\r\n"), n + (char < " " and char not in "\t\r\n")
            continue
        size = len(char.encode(page))
        n += size
        value = _letter(text, i) if size == 1 else _wide(char, page)
        # An ideograph in the middle of a Latin word is an accented letter and its neighbour, misread.
        total += size * (0.3 * value if size == 2 and _touches_ascii(text, i) else value)
    return total / n if n else 0.0


@lru_cache(maxsize=20_000)
def _wide(char: str, page: str) -> float:
    """Of a character of two bytes: kana and common kanji or hangul near 1, rare signs below 0.4."""
    lead, trail = char.encode(page)[:2]
    if unicodedata.category(char) == "Co":
        return -2.0
    if "\u3041" <= char <= "\u30fe":
        # Kana stand in Chinese and Korean code pages too, but a text full of them was written on a Japanese system.
        return 1.0 if page in ("cp932", "euc_jp") else 0.8
    if page == "cp932":
        return 0.95 if 0x88 <= lead <= 0x97 else 0.45 if 0x98 <= lead <= 0x9F or 0xE0 <= lead <= 0xEA else 0.2
    if page == "euc_jp":  # its kanji are hanzi to GBK, so that kana decide
        return 0.85 if 0xB0 <= lead <= 0xCF else 0.4
    if page == "gbk":
        return 0.2 if trail < 0xA1 or lead < 0xB0 else 0.9 if lead <= 0xD7 else 0.4
    if page == "cp949":
        return 0.93 if _common_hangul(char) else 0.1
    if trail < 0x7F:  # half of the characters of Big5, and none of the common ones of the others
        return 0.98 if 0xA4 <= lead <= 0xC6 else 0.5 if 0xC9 <= lead <= 0xF9 else 0.15
    return 0.8 if 0xA4 <= lead <= 0xC6 else 0.4 if 0xC9 <= lead <= 0xF9 else 0.15


def _common_hangul(char: str) -> bool:
    """Whether a syllable is built as those of names are: no doubled consonant, a frequent vowel, a simple final."""
    place = ord(char) - 0xAC00
    if not 0 <= place < 11_172:
        return False
    initial, vowel, final = place // 588, place % 588 // 28, place % 28
    return initial not in (1, 4, 8, 10, 13) and vowel not in (3, 7, 10, 11, 15, 16, 19) and final in _SIMPLE_FINALS


_SIMPLE_FINALS = (0, 1, 4, 8, 16, 17, 19, 21)


def _touches_ascii(text: str, i: int) -> bool:
    return any(c.isascii() and c.isalpha() for c in text[max(i - 1, 0) : i] + text[i + 1 : i + 2])


def _letter(text: str, i: int) -> float:
    """Of a character of one byte: an accented letter beside Latin ones, or Cyrillic beside Cyrillic, is likely."""
    char = text[i]
    if "\uff61" <= char <= "\uff9f":
        return -0.4
    near = text[max(i - 1, 0) : i] + text[i + 1 : i + 2]
    if not char.isalpha():
        return -0.8
    script = unicodedata.name(char, "").split(" ")[0]
    beside = [c for c in near if c.isalpha()]
    alike = sum(unicodedata.name(c, "").startswith(script) for c in beside)
    if script == "LATIN":
        changes_case = any(c.islower() for c in beside) and char.isupper() and i > 0 and text[i - 1].isalpha()
        return (0.7 if alike and alike == len(beside) else 0.1) - 0.5 * changes_case
    if script == "CYRILLIC" and beside and alike == len(beside):
        return 0.75 - 0.7 * (i > 0 and char.isupper() and text[i - 1].islower())
    return -0.5
