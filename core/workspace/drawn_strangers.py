"""Strangers for an encoder to which no bank of real faces belongs: drawn faces, a character each.

The file models/pretrained/drawn_strangers.webp shows them side by side (`python -m recipes.encoder.drawn_strangers`
draws them anew), so that any encoder can look at them. What drawn strangers score says little of strangers in another
style; core.similarity.calibration moves it to the gallery's, as it does with real ones. Where faces wait for a name
they say which of these are nearer to strangers than others are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.errors import PictureError
from core.imaging.reading import read_picture
from core.settings import PRETRAINED
from core.vision.reframing import GIVEN
from core.workspace.arrays import kept_vectors
from core.workspace.embeddings import Embedder
from core.workspace.folders import Workspace

SHEET = PRETRAINED / "drawn_strangers.webp"
SIDE = 112
"""Pixels of a face's side on the sheet."""


def drawn_stranger_vectors(workspace: Workspace, digest: str, load: Callable[[], Embedder]) -> np.ndarray | None:
    """Unit vectors float32 (m, d) by the encoder of that digest, which `load` opens where it is needed; kept in the
    workspace. None where the sheet is missing."""
    path = workspace.cache / "drawn_strangers" / f"{digest[:16]}.npz"
    try:
        return kept_vectors(path, lambda: load().embed(cut_sheet(read_picture(SHEET)), framing=GIVEN))
    except PictureError:
        return None


def cut_sheet(sheet: np.ndarray) -> list[np.ndarray]:
    """The faces of a sheet, uint8 (SIDE, SIDE, 3) each, row by row.

    >>> len(cut_sheet(np.zeros((2 * SIDE, 3 * SIDE, 3), np.uint8)))
    6
    """
    rows, columns = sheet.shape[0] // SIDE, sheet.shape[1] // SIDE
    cut = sheet[: rows * SIDE, : columns * SIDE].reshape(rows, SIDE, columns, SIDE, 3).swapaxes(1, 2)
    return list(np.ascontiguousarray(cut.reshape(-1, SIDE, SIDE, 3)))
