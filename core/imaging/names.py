"""Names that come from elsewhere: which are the system's own, how bytes become text, and a character's true name."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable

from core.imaging.text import decode_names

LONGEST_NAME = 200

SYSTEM_NAMES = frozenset(
    {
        # network storage: thumbnails, bins and snapshots of Synology, QNAP and others
        *("@eadir", "@tmp", "@sharebin", "@recycle", "@recently-snapshot", "@__thumb", "#recycle", "#snapshot"),
        *("~snapshot", "network trash folder", "temporary items", "_gsdata_"),
        # Windows
        *("$recycle.bin", "recycler", "recycled", "system volume information", "$extend", "$winreagent", "msocache"),
        *("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "found.000", "autorun.inf"),
        # macOS, Linux, Android, tools
        *("__macosx", "icon\r", "lost+found", "lost.dir", "__pycache__"),
    }
)
"""Files and folders that operating systems, network storage and tools leave behind; lower case. Hidden ones (with a
dot in front, such as `.DS_Store`, `._a.jpg`, `.ipynb_checkpoints` and `.Trash-1000`) count too."""

_SYSTEM_BEGINNINGS = ("thumbcache_", "synophoto_thumb", "~$", "found.00")


def is_system_name(name: str) -> bool:
    """Whether a file or folder of that name is the system's own and no picture of anybody.

    >>> [is_system_name(n) for n in ("@eaDir", "Thumbs.db", "._001.jpg", "Rei", "@lice")]
    [True, True, True, False, False]
    """
    folded = name.casefold()
    return folded.startswith((".", *_SYSTEM_BEGINNINGS)) or folded in SYSTEM_NAMES


def has_system_part(parts: Iterable[str]) -> bool:
    """Whether any part of a path is a system name; `.` and `..` are none."""
    return any(part not in (".", "..") and is_system_name(part) for part in parts)


def true_name(text: str) -> str:
    """A name as the catalogue keeps it: Unicode NFC, no control or format characters, single spaces.

    A file name whose bytes are no UTF-8 (Python's surrogate escapes) is decoded as the text it most likely is.

    >>> true_name("Zoe\\u0308  \\u200bW.\\n")
    'Zoë W.'
    """
    if any("\udc80" <= c <= "\udcff" for c in text):
        text = decode_names([text.encode("utf-8", "surrogateescape")])[0]
    text = unicodedata.normalize("NFC", text)
    kept = (c if unicodedata.category(c) not in ("Cf", "Cs", "Cn") else "" for c in text)
    spaced = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Zs") else c for c in "".join(kept))
    return " ".join("".join(spaced).split())


def loose_key(name: str) -> str:
    """A name without what tools change on the way: case, width, `_`, `-` and spaces.

    >>> loose_key("Rei  Ayanami") == loose_key("rei_ayanami") == loose_key("REI-AYANAMI")
    True
    """
    folded = unicodedata.normalize("NFKC", true_name(name)).casefold()
    return "".join(c for c in folded if c not in "_-" and not c.isspace())


def file_name_text(path: os.PathLike[str] | str) -> str:
    """A path as text that can be shown, stored and sent: undecodable bytes are decoded as well as can be."""
    text = os.fspath(path)
    if any("\udc80" <= c <= "\udcff" for c in text):
        return decode_names([text.encode("utf-8", "surrogateescape")])[0]
    return text
