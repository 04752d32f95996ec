"""Writes that are seen whole or not at all: a temporary file beside the target, then a rename."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from core.failures import naming


def write_with(path: Path, writer: Callable[[Path], object]) -> Path:
    """Let `writer` fill a temporary file in the target's folder, then put it in place. Raises OSError that names the
    target where the system names no file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".part-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        with naming(path):
            writer(temporary)
        let_all_read(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def let_all_read(path: Path) -> None:
    """Give a file that was private the rights of an ordinary one, where the drive knows any: FAT, as on memory sticks,
    and some network drives refuse."""
    with suppress(OSError):
        path.chmod(0o644)


def write_bytes(path: Path, data: bytes) -> Path:
    """Write bytes atomically; the folder is made."""
    return write_with(path, lambda temporary: temporary.write_bytes(data))


def write_text(path: Path, text: str) -> Path:
    """Write UTF-8 text atomically."""
    return write_bytes(path, text.encode())


def write_json(path: Path, value: Any) -> Path:
    """Write a JSON document atomically, readable by a person."""
    return write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def flush_folder(folder: Path) -> None:
    """Bring a folder's entries to the disk, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    with suppress(OSError):
        os.fsync(handle)
    os.close(handle)
