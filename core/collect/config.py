"""What a collection is asked to do."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import DataError
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
    unnamed: bool = option(False, help="the pictures are nobody's yet; their faces are named later, in groups")
    """The pictures come without a character: they lie in `unnamed/` until their faces are named."""
    query: str = option("", metavar="WORDS", help="with --unnamed: what to search for")
    """Words to search with where no character has a name to search for."""
    at_once: int = option(16, low=1, high=256, metavar="N", help="pictures worked on at the same time")
    """Pictures that are worked on at the same time, over all hosts."""
    ahead: int = option(64, low=1, high=10_000, metavar="N", help="results looked through for hosts that are free")
    """Results of a search that are looked through for hosts which are free."""
    give_up_after: int = option(3, low=1, high=1_000_000, metavar="N", help="failures in a row that end a source")
    """A source that fails for so many characters in a row is not asked again in this run."""

    def __post_init__(self) -> None:
        check(self)
        if self.query and not self.unnamed:
            raise DataError(f"--query {self.query!r} needs --unnamed: a character is searched for by its own words.")
