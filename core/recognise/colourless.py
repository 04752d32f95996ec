"""Faces without colours are recognised among faces without colours.

To the encoder hair and eyes without their colours are other hair and eyes: of black-and-white drawings of known
characters 5 of 100 were named where 48 of 100 coloured ones were. Compared with the enrolled faces as they look without
their colours it is 28, at the rate of strangers that was asked for (docs/verdict.md). Such faces are more alike than
coloured ones, so the strangers of the bank lose their colours too. Made when the first such face is asked about.

Where most enrolled faces have no colours (a manga), all faces are asked about without: their colours would say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.errors import PictureError, WhoAmIError
from core.imaging.one_colour import is_one_coloured, without_colour
from core.recognise.gallery import Gallery
from core.recognise.pictures import Encoder
from core.recognise.threshold import Threshold
from core.recognise.verdict import COLOURLESS, Identification, answer
from core.workspace.crops import face_pixels
from core.workspace.project import Project
from core.workspace.tables import Face

EACH = 24
"""Enrolled faces of a character at most: with 24 instead of 8 two of 100 more are named."""


SAMPLE = 30
"""So many enrolled faces tell whether most have no colours."""


def mostly_colourless(project: Project, faces: Sequence[Face]) -> bool:
    """Whether of some of the faces, evenly spaced, more than half have no colours; unreadable ones do not count."""
    found = []
    for face in faces[:: max(len(faces) // SAMPLE, 1)]:
        with suppress(PictureError):
            found.append(is_one_coloured(face_pixels(project, face)))
    return 2 * sum(found) > len(found)


@dataclass(frozen=True)
class ColourlessEncoder:
    """The same encoder, shown every face without its colours."""

    encoder: Encoder

    def embed(self, faces: Sequence[np.ndarray], *, framing: str = "auto") -> np.ndarray:
        """Embed uint8 HxWx3 faces -> float32 (n, dim), each of length 1."""
        return self.encoder.embed([without_colour(face) for face in faces], framing=framing)


@dataclass(frozen=True)
class ColourlessGallery:
    """make: the gallery of the same characters without colours, and its threshold for a false-accept rate."""

    make: Callable[[], tuple[Gallery, Callable[[float], Threshold]]]

    @cached_property
    def made(self) -> tuple[Gallery, Callable[[float], Threshold]] | None:
        """None where it cannot be made, as where the files of all enrolled faces are gone."""
        try:
            return self.make()
        except WhoAmIError:
            return None

    def answer(self, queries: np.ndarray, far: float) -> list[Identification] | None:
        """The answers to unit queries (q, d), vectors of faces without their colours, at a false-accept rate; None
        where there is no such gallery."""
        if self.made is None:
            return None
        gallery, threshold = self.made
        return answer(queries, gallery, threshold(far), why_colourless=COLOURLESS)
