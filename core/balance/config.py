"""The one configuration of the balance step."""

from __future__ import annotations

from dataclasses import dataclass

from core.options import SEED, check, option

COPY, AUGMENT = "copy", "augment"


@dataclass(frozen=True)
class BalanceConfig:
    """How faces are split and filled up. The defaults are the article's numbers."""

    per_character: int = option(32, low=1, high=10_000, metavar="N", help="training faces for each character")
    """Training faces each character shall have."""
    cap: bool = option(False, help="draw down to that number too")
    """Draw characters with more than that down to it; the surplus is spare, not lost."""
    mode: str = option(COPY, choices=(COPY, AUGMENT), help="plain copies, or augmented ones")
    """copy (the article) or augment (turned, mirrored, lighter or darker)."""
    validation: float = option(0.25, low=0, below=1, metavar="SHARE", help="of each character's faces")
    """Share of each character's faces that training never sees."""
    strangers: int = option(0, low=0, high=100_000, metavar="K", help="characters held out wholly")
    """Whole characters held out, to measure how unknown ones are told."""
    seed: int = option(0, low=0, high=SEED, help="same seed, same division")

    def __post_init__(self) -> None:
        check(self)
