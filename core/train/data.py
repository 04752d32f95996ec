"""The faces of a training: where they are, who they are, which part they play; read once into one uint8 tensor."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import DataError
from core.imaging.reading import read_picture
from core.progress import Progress, Reporter, silent
from core.vision.framing import fit_square
from core.workspace.states import Part

if TYPE_CHECKING:
    from torch import Tensor

Source = Path | np.ndarray | Callable[[], np.ndarray]
"""Where a face's pixels come from: a file, uint8 HxWx3 pixels, or a function that gives them when they are read."""

TRAIN, VALIDATION, STRANGER = Part.TRAIN, Part.VALIDATION, Part.STRANGER
PARTS = (TRAIN, VALIDATION, STRANGER)


def check_enough(characters: int) -> None:
    """Raises DataError where there are too few characters to be told apart."""
    if characters < 2:
        raise DataError(f"Training needs faces of at least 2 characters, got {characters}. Collect and crop more.")


@dataclass(frozen=True)
class FaceSet:
    """Faces with their character and part; four sequences of one length n.

    faces: see Source. labels: names of characters. parts: `train`, `validation` (chooses
    and measures), `stranger` (never trained on; measures the open set). ids: what the caller knows them by.
    Raises DataError where lengths differ, a part is unknown, or too little is left to train on.
    """

    faces: Sequence[Source]
    labels: tuple[str, ...]
    parts: tuple[str, ...]
    ids: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(str(label) for label in self.labels))
        object.__setattr__(self, "parts", tuple(self.parts))
        object.__setattr__(self, "ids", tuple(self.ids) or tuple(range(len(self.faces))))
        lengths = {len(self.faces), len(self.labels), len(self.parts), len(self.ids)}
        if len(lengths) != 1:
            raise DataError(f"Faces, labels, parts and ids must be of one length, got {sorted(lengths)}.")
        unknown = set(self.parts) - set(PARTS)
        if unknown:
            raise DataError(f"A face's part is one of {', '.join(PARTS)}; got {', '.join(map(repr, sorted(unknown)))}.")
        known = {label for label, part in zip(self.labels, self.parts, strict=True) if part == TRAIN}
        check_enough(len(known))

    def __len__(self) -> int:
        return len(self.faces)

    @property
    def characters(self) -> tuple[str, ...]:
        """The characters that are trained on, in alphabetical order: class 0, 1, ..."""
        return tuple(sorted({label for label, part in zip(self.labels, self.parts, strict=True) if part == TRAIN}))

    def where(self, *parts: str) -> np.ndarray:
        """Indices of the faces that play one of these parts, int64."""
        return np.flatnonzero(np.isin(self.parts, parts))

    def classes(self) -> np.ndarray:
        """int64 (n,): the class of each face, -1 for characters that are not trained on."""
        number = {name: k for k, name in enumerate(self.characters)}
        return np.array([number.get(label, -1) for label in self.labels], np.int64)

    def fingerprint(self) -> str:
        """Short hash of ids, labels and parts: a training is resumed with the faces that it began with."""
        rows = zip(map(str, self.ids), self.labels, self.parts, strict=True)
        return hashlib.sha256("\n".join("\t".join(row) for row in rows).encode()).hexdigest()[:16]


def load_pixels(faces: Sequence[Source], size: int, *, report: Reporter = silent, threads: int = 4) -> Tensor:
    """All faces as one uint8 tensor (n, 3, size, size), read by several threads.

    1,280 faces of 112 px take 48 MB. Raises PictureError naming the file that cannot be read.
    """
    import torch

    pixels = torch.empty((len(faces), 3, size, size), dtype=torch.uint8)

    def read(index: int) -> None:
        pixels[index] = torch.from_numpy(fit_square(_pixels(faces[index]), size).transpose(2, 0, 1).copy())

    start = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        for n, _ in enumerate(pool.map(read, range(len(faces))), 1):
            if n % 50 == 0 or n == len(faces):
                report(Progress("read", n, len(faces), time.monotonic() - start))
    return pixels


def _pixels(face: Source) -> np.ndarray:
    if isinstance(face, np.ndarray):
        return face
    return read_picture(face) if isinstance(face, Path) else face()
