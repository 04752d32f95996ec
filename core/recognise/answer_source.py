"""Which file of answers an index was made from, so that another one in its place is noticed, whatever its size."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

END = 4096
"""Bytes at either end of what was read that are looked at again."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read. file: its inode; changed: when, in ns; read: bytes taken in; ends: digest of both ends of
    these; far, encoder: of the newest answer."""

    file: int = 0
    changed: int = 0
    read: int = 0
    ends: str = ""
    far: str = ""
    encoder: str = ""

    def is_all_of(self, path: Path) -> bool:
        """Whether nothing has happened to the file since it was read to its end; one that is not there is empty."""
        there = _stat(path)
        if there is None:
            return self.read == 0
        return (self.file, self.changed, self.read) == (_inode(there), there.st_mtime_ns, there.st_size)

    def begins(self, path: Path) -> bool:
        """Whether what was read is still the file's beginning, and more has come.

        A file that was touched and has not grown counts as another one: what is in its middle is not looked at.
        """
        there = _stat(path)
        if there is None or _inode(there) != self.file or there.st_size < self.read:
            return False
        untouched = there.st_mtime_ns == self.changed
        return (untouched or there.st_size > self.read) and ends_of(path, self.read) == self.ends


def source_of(path: Path, read: int, far: str = "", encoder: str = "") -> Source:
    """A file of which so many bytes were read just now."""
    there = _stat(path)
    if there is None:
        return Source()
    return Source(_inode(there), there.st_mtime_ns, read, ends_of(path, read), far, encoder)


def ends_of(path: Path, size: int) -> str:
    """A digest of the first and the last END of the first `size` bytes; "" of none."""
    if not size:
        return ""
    with path.open("rb") as file:
        digest = hashlib.sha256(file.read(min(END, size)))
        file.seek(max(size - END, 0))
        digest.update(file.read(min(END, size)))
    return digest.hexdigest()[:16]


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _inode(there: os.stat_result) -> int:
    """As SQLite holds it, in 63 bits."""
    return there.st_ino % 2**63
