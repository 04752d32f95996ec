"""The one configuration of the balance step."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import DataError

COPY, AUGMENT = "copy", "augment"


@dataclass(frozen=True)
class BalanceConfig:
    """How faces are split and filled up. The defaults are the article's numbers."""

    per_character: int = 32
    """Training faces each character shall have."""
    cap: bool = False
    """Draw characters with more than that down to it; the surplus is spare, not lost."""
    mode: str = COPY
    """copy (the article) or augment (turned, mirrored, lighter or darker)."""
    validation: float = 0.25
    """Share of each character's faces that training never sees."""
    strangers: int = 0
    """Whole characters held out, to measure how unknown ones are told."""
    seed: int = 0

    def __post_init__(self) -> None:
        if self.mode not in (COPY, AUGMENT):
            raise DataError(f"mode is {COPY} or {AUGMENT}, got {self.mode!r}.")
        if not 0 <= self.validation < 1:
            raise DataError(f"validation is a share from 0 to below 1, got {self.validation}.")
        if self.per_character < 1 or self.strangers < 0:
            raise DataError("per_character starts at 1 and strangers at 0.")
