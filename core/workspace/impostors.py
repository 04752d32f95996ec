"""The shipped bank of strangers: vectors of real faces, one of a character, that tell where strangers lie.

It has each face twice, in its colours and without: faces without colours are more alike than others, known ones and
strangers. No picture is in it. Vectors of two encoders must never meet, so the file names the encoder that it was made
with; `python -m recipes.encoder.impostors` makes it anew.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from core.settings import PRETRAINED

BANK = PRETRAINED / "impostors.safetensors"


def load_impostors(encoder: str, path: Path = BANK, *, colourless: bool = False) -> np.ndarray | None:
    """Unit vectors float32 (m, d) by the encoder of that digest; None where there are none, or another encoder's.

    colourless: of the same faces as they look without their colours.
    """
    try:
        return _read(path, path.stat().st_mtime_ns, encoder, "colourless" if colourless else "vectors")
    except (OSError, SafetensorError, KeyError):
        return None


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, encoder: str, name: str) -> np.ndarray | None:
    with safe_open(path, "np") as file:
        if file.metadata().get("encoder") != encoder:
            return None
        vectors: np.ndarray = file.get_tensor(name).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    vectors.flags.writeable = False
    return vectors
