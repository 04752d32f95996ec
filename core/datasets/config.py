"""What may be chosen about an export; page and command line read the same declaration."""

from __future__ import annotations

from dataclasses import dataclass

from core.options import check, option

WHOLE, FIGURE, FACE = "whole", "figure", "face"

KOHYA = "kohya"
"""The title of kohya's options in the help."""


@dataclass(frozen=True)
class ExportConfig:
    """How pictures are cut for the training of image models."""

    crop: str = option(
        FIGURE, group=KOHYA, choices=(WHOLE, FIGURE, FACE), help="whole pictures, a square around the figure, or faces"
    )
    min_side: int = option(256, group=KOHYA, low=1, high=100_000, help="pixels; smaller pictures stay out")
    repeats: int = option(10, group=KOHYA, low=1, high=10_000, help="how often a training repeats each picture")

    def __post_init__(self) -> None:
        check(self)
