"""The one configuration of the crop step."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import DataError


@dataclass(frozen=True)
class CropConfig:
    """How faces are proposed. The defaults are what the crop page starts with."""

    detector: str = "auto"
    """A name that core.vision.load_detector knows."""
    accept: float | None = None
    """A face with at least this score is kept without a look; None: the detector's own operating point."""
    propose: float = 0.7
    """As a share of `accept`: fainter faces than that are not even proposed."""
    min_side: int = 24
    """Pixels: a smaller face is proposed, not kept."""
    batch: int = 16
    """Pictures read and looked at together."""
    redo: bool = False
    """Look again at pictures that were looked at before; what a person decided stays."""

    def __post_init__(self):
        if self.accept is not None and not 0 <= self.accept <= 1:
            raise DataError(f"accept is a score from 0 to 1, got {self.accept}.")
        if not 0 < self.propose <= 1:
            raise DataError(f"propose is a share above 0 and up to 1, got {self.propose}.")
        if self.min_side < 1 or self.batch < 1:
            raise DataError(f"min_side and batch start at 1, got {self.min_side} and {self.batch}.")
