"""JPEGs that end too early: most of the picture is there, and is shown as browsers show it."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

ENOUGH = 0.9
"""The share of the rows that must be there. The rest stays grey; a face in it is not found."""
END = b"\xff\xd9"
GREYS = (127, 128)
"""What libjpeg fills blocks with that it has no data for (coefficients of 0, inverted in CMYK)."""


def completed(data: bytes) -> bytes | None:
    """The JPEG with an end mark, after which decoders leave the rest grey in place of refusing; None: no JPEG."""
    return data + END if data.startswith(b"\xff\xd8\xff") else None


def share_of_rows(whole: bytes) -> float:
    """The share of the rows, 0 to 1, that a completed JPEG has pixels for.

    A progressive one draws every row several times; it has them all once the brightness is known but for its last
    bit, and none before.
    """
    with Image.open(io.BytesIO(whole), formats=("JPEG",)) as image:
        if "progressive" in image.info and not _sharp(whole):
            return 0.0
        pixels = np.asarray(image)
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    right = pixels[:, -8:]  # a row of blocks that breaks off is missing
    empty = np.all(np.isin(right, GREYS), axis=(1, 2))
    shown = np.flatnonzero(~empty)
    return float((shown[-1] + 1) / len(empty)) if len(shown) else 0.0


def _sharp(data: bytes) -> bool:
    """Whether a progressive JPEG has a finished scan up to the finest detail of the first component, but for a bit."""
    scans = []
    at = data.find(b"\xff\xda")
    while at >= 0 and at + 10 < len(data):
        parts = data[at + 4]
        first, end = data[at + 5], at + 5 + 2 * parts
        scans.append((first, data[end + 1], data[end + 2] & 15) if end + 2 < len(data) else (0, 0, 15))
        at = data.find(b"\xff\xda", at + 2)
    component = scans[0][0] if scans else 0
    return any(scan[0] == component and scan[1] == 63 and scan[2] <= 1 for scan in scans[:-1])
