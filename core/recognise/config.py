"""How pictures are asked about: a value that pages, commands and jobs share."""

from __future__ import annotations

from dataclasses import dataclass

from core.options import check, option


@dataclass(frozen=True)
class RecogniseConfig:
    """faces: the pictures are face crops. repeated: several faces on a picture may get the same name; else the best
    match keeps it and the others are unsure. shipped_cast: unknown faces are compared with the characters that come
    with the app."""

    far: float = option(0.01, above=0, below=1, metavar="RATE", help="false-accept rate that sets the threshold")
    faces: bool = option(False, help="the pictures are faces already")
    repeated: bool = option(False, help="several faces on a picture may get the same name")
    shipped_cast: bool = option(
        False, help="say whom of the shipped cast an unknown face looks like, even where nobody is enrolled"
    )
    encoder: str | None = option(None, metavar="NAME", help="a run or `pretrained`; default: the one in use")
    detector: str = option("auto", metavar="NAME", help="auto, cnn, cnn-tiles, cascade or cascade-sensitive")
    min_score: float | None = option(
        None, low=0, high=1, metavar="SCORE", help="faces from this score on; default: the detector's own"
    )

    def __post_init__(self) -> None:
        check(self)
