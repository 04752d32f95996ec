"""A zip's entries: their names as text, whatever the archiver wrote them in, and what reading a damaged one raises."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Sequence

from core.imaging.text import decode_names

UTF8_FLAG, LOCKED_FLAG = 0x800, 0x1
UNICODE_PATH = 0x7075
"""The extra field in which some archivers repeat a name in UTF-8 (Info-ZIP, APPNOTE 4.6.9)."""

UNPACKING_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, KeyError, struct.error),
    RuntimeError,
)
"""What zipfile raises for entries that are damaged, locked, or packed by a method that is not known, beside the
system's OSError (which bz2 raises, too)."""


def entry_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The entries' names as text: in UTF-8 where the zip says so or repeats it, else in the code page they fit."""
    raw = [_raw_name(info) for info in infos]
    decoded = iter(decode_names([name for name in raw if isinstance(name, bytes)]))
    return [next(decoded) if isinstance(name, bytes) else name for name in raw]


def cannot_be_opened(error: Exception) -> str:
    """Why zipfile opens no zip, in words."""
    return "its names are marked as UTF-8 and are not" if isinstance(error, UnicodeDecodeError) else str(error)


def _raw_name(info: zipfile.ZipInfo) -> str | bytes:
    """The name as text where its encoding is known, else its bytes (zipfile has read them as cp437)."""
    if info.flag_bits & UTF8_FLAG:
        return info.orig_filename.split("\0")[0]
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and len(body) > 5 and struct.unpack("<I", body[1:5])[0] == zlib.crc32(raw):
            return body[5:].decode("utf-8", "replace")
    return raw.split(b"\0")[0]
