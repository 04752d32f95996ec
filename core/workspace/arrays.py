"""Arrays on disk: one .npz, written whole or not at all, read without pickle."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from core.atomic import write_with


def save_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> Path:
    """Write named arrays of numbers or text atomically; the folder is made. `path` ends in .npz."""
    for name, value in arrays.items():
        if np.asarray(value).dtype.hasobject:
            raise ValueError(f"The array {name!r} holds Python objects; only numbers and text are written.")
    return write_with(path, lambda temporary: np.savez(temporary, allow_pickle=False, **arrays))


def load_arrays(path: Path) -> dict[str, np.ndarray] | None:
    """The named arrays of a file; None where it is missing or broken, so that a cache is simply made again."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
        return None


def kept_vectors(path: Path, make: Callable[[], np.ndarray]) -> np.ndarray:
    """The vectors of a cache's file; where it is missing or broken they are made, and kept if it can be written."""
    kept = load_arrays(path)
    if kept is not None and "vectors" in kept:
        return kept["vectors"]
    vectors = make()
    with suppress(OSError):  # a folder that cannot be written is no reason not to answer
        save_arrays(path, {"vectors": vectors})
    return vectors
