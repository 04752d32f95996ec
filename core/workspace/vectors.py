"""Vectors on disk under keys of 32 bytes, in one file that grows at its end: new rows cost only themselves.

The file starts with a magic word and the length of a vector; then come rows, each a key and its vector as float32.
What cannot be read back whole is passed over and computed again: a torn last row, a row whose vector is not of length
1, a file that is something else. Of two rows with one key the later counts.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.atomic import write_bytes

MAGIC = b"whoami-vectors-1"
KEY = 32
"""Bytes of a key."""
_HEAD = len(MAGIC) + 4
_AT_ONCE = 4096
"""Rows that are looked at in one go when a file is read."""


class VectorFile:
    """The rows of one file, read when it is opened. Several processes may append at the same time."""

    def __init__(self, path: Path):
        self.path = path
        keys, self._vectors = _read(path)
        self._place = {key: row for row, key in enumerate(keys)}
        self._added: list[np.ndarray] = []
        self._unsaved: list[tuple[bytes, np.ndarray]] = []

    def __contains__(self, key: bytes) -> bool:
        return key in self._place

    @property
    def dim(self) -> int:
        """Length of a vector; 0 where there is none yet."""
        return int(self._vectors.shape[1])

    @property
    def unsaved(self) -> int:
        """Rows that only memory holds."""
        return len(self._unsaved)

    def of(self, keys: Sequence[bytes]) -> np.ndarray:
        """The vectors under these keys, float32 (n, d). KeyError where one is missing."""
        if self._added:
            self._vectors = np.concatenate([self._vectors.reshape(-1, self._added[0].shape[1]), *self._added])
            self._added = []
        return self._vectors[[self._place[key] for key in keys]]

    def add(self, keys: Sequence[bytes], vectors: np.ndarray) -> None:
        """Take in vectors float32 (n, d) of length 1; `save` writes them."""
        vectors = np.ascontiguousarray(vectors, np.float32)
        start = len(self._vectors) + sum(map(len, self._added))
        self._added.append(vectors)
        self._place |= {key: start + number for number, key in enumerate(keys)}
        self._unsaved += zip(keys, vectors, strict=True)

    def save(self, *, leave: frozenset[bytes] = frozenset()) -> None:
        """Append what is new, `leave` aside, in one write."""
        rows = [key + vector.tobytes() for key, vector in self._unsaved if key not in leave]
        self._unsaved = []
        if not rows:
            return
        dim = (len(rows[0]) - KEY) // 4
        if not _sound(self.path, dim):
            keys, vectors = _read(self.path)
            old = [key + vector.tobytes() for key, vector in zip(keys, vectors, strict=True) if len(vector) == dim]
            write_bytes(self.path, MAGIC + struct.pack("<I", dim) + b"".join([*old, *rows]))
            return
        with self.path.open("ab", buffering=0) as file:
            file.write(b"".join(rows))
            os.fsync(file.fileno())


def _sound(path: Path, dim: int) -> bool:
    """Whether rows of vectors of this length can be appended to the file."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        return head == MAGIC + struct.pack("<I", dim) and (path.stat().st_size - _HEAD) % (KEY + 4 * dim) == 0
    except OSError:
        return False


def _read(path: Path) -> tuple[list[bytes], np.ndarray]:
    """Keys and vectors of all whole rows."""
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if data[: len(MAGIC)] != MAGIC or len(data) < _HEAD:
        return [], np.empty((0, 0), np.float32)
    (dim,) = struct.unpack("<I", data[len(MAGIC) : _HEAD])
    row = np.dtype([("key", f"V{KEY}"), ("vector", "<f4", (dim,))])
    count = (len(data) - _HEAD) // row.itemsize
    rows = np.frombuffer(data, row, count, _HEAD)
    sound = np.empty(count, bool)
    for start in range(0, count, _AT_ONCE):  # so that a large file is in memory once, not three times
        part = slice(start, start + _AT_ONCE)
        sound[part] = np.abs(np.linalg.norm(rows["vector"][part], axis=1) - 1) < 1e-2
    if not sound.all():
        rows = rows[sound]
    return [key.tobytes() for key in rows["key"]], rows["vector"].astype(np.float32, copy=False)
