"""Faces without colours are recognised among faces without colours.

To the encoder hair and eyes without their colours are other hair and eyes: of black-and-white drawings of known
characters 5 of 100 were named where 48 of 100 coloured ones were. Compared with the enrolled faces as they look without
their colours it is 28, at the rate of strangers that was asked for (docs/verdict.md). Such faces are more alike than
coloured ones, so the strangers of the bank lose their colours too. Made when the first such face is asked about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.recognise.gallery import Gallery
from core.recognise.threshold import Threshold
from core.recognise.verdict import Identification, answer

EACH = 24
"""Enrolled faces of a character at most: with 24 instead of 8 two of 100 more are named."""


@dataclass(frozen=True)
class ColourlessGallery:
    """make: the gallery of the same characters without colours, and its threshold for a false-accept rate."""

    make: Callable[[], tuple[Gallery, Callable[[float], Threshold]]]

    @cached_property
    def made(self) -> tuple[Gallery, Callable[[float], Threshold]]:
        return self.make()

    def answer(self, queries: np.ndarray, far: float) -> list[Identification]:
        """The answers to unit queries (q, d), vectors of faces without their colours, at a false-accept rate."""
        gallery, threshold = self.made
        return answer(queries, gallery, threshold(far))
