"""What a collection is asked to do."""

from __future__ import annotations

from dataclasses import dataclass

from core.options import check, option
from core.workspace.states import Kind


@dataclass(frozen=True, slots=True)
class CollectConfig:
    """Settings of the step; saved with the job that runs it."""

    limit: int = option(50, low=1, high=1_000_000, metavar="N", help="pictures of each character")
    """Pictures wanted of each character, those that are there already counted."""
    min_side: int = option(64, low=1, high=100_000, metavar="PIXELS", help="smaller pictures are not kept")
    """Pixels on the shorter side that a picture needs."""
    near: int = option(6, low=-1, high=64, metavar="BITS", help="hash distance of a duplicate; -1: the same file only")
    """Differing bits of 64 up to which two pictures look the same; -1 takes only the same file for a duplicate."""
    kind: str = option(Kind.PICTURE, choices=tuple(Kind), help="whether each file is a face already")
    """`picture`, or `face` where each file is a face already."""
    at_once: int = option(16, low=1, high=256, metavar="N", help="pictures worked on at the same time")
    """Pictures that are worked on at the same time, over all hosts."""
    ahead: int = option(64, low=1, high=10_000, metavar="N", help="results looked through for hosts that are free")
    """Results of a search that are looked through for hosts which are free."""
    give_up_after: int = option(3, low=1, high=1_000_000, metavar="N", help="failures in a row that end a source")
    """A source that fails for so many characters in a row is not asked again in this run."""

    def __post_init__(self) -> None:
        check(self)
