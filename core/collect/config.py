"""What a collection is asked to do."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import DataError
from core.imaging.hashes import NEAR
from core.workspace.states import Kind


@dataclass(frozen=True, slots=True)
class CollectConfig:
    """Settings of the step; saved with the job that runs it."""

    limit: int = 50
    """Pictures wanted of each character, those that are there already counted."""
    min_side: int = 64
    """Pixels on the shorter side that a picture needs."""
    near: int = NEAR
    """Differing bits of 64 up to which two pictures look the same; -1 takes only the same file for a duplicate."""
    kind: str = Kind.PICTURE
    """`picture`, or `face` where each file is a face already."""
    at_once: int = 16
    """Pictures that are worked on at the same time, over all hosts."""
    ahead: int = 64
    """Results of a search that are looked through for hosts which are free."""
    give_up_after: int = 3
    """A source that fails for so many characters in a row is not asked again in this run."""

    def __post_init__(self):
        for name, least in (("limit", 1), ("min_side", 1), ("near", -1), ("at_once", 1), ("ahead", 1)):
            if getattr(self, name) < least:
                raise DataError(f"{name} is {getattr(self, name)}; it must be at least {least}.")
        if self.kind not in tuple(Kind):
            raise DataError(f"{self.kind!r} is no kind. Choose picture or face.")
