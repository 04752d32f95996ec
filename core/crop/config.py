"""The one configuration of the crop step."""

from __future__ import annotations

from dataclasses import dataclass

from core.options import check, option


@dataclass(frozen=True)
class CropConfig:
    """How faces are proposed. The defaults are what the crop page starts with."""

    detector: str = option("auto", metavar="NAME", help="auto, cnn, cnn-tiles, cascade or cascade-sensitive")
    """A name that core.vision.load_detector knows."""
    accept: float | None = option(
        None, low=0, high=1, metavar="SCORE", help="score from which a face is kept without a look"
    )
    """A face with at least this score is kept without a look; None: the detector's own operating point."""
    propose: float = option(0.7, above=0, high=1, metavar="SHARE", help="of that score: fainter faces are not proposed")
    """As a share of `accept`: fainter faces than that are not even proposed."""
    min_side: int = option(24, low=1, high=10_000, metavar="PIXELS", help="smaller faces are proposed, not kept")
    """Pixels: a smaller face is proposed, not kept."""
    batch: int = option(16, low=1, high=1024, metavar="N", help="pictures looked at together")
    """Pictures read and looked at together."""
    redo: bool = option(False, help="look again where no person has decided")
    """Look again at pictures that were looked at before; what a person decided stays."""
    embed: bool = option(False, help="also embed every face that is found, so that no later step waits for it")
    """Embed what is found by the encoder in use; the vectors go where the later steps look for them."""

    def __post_init__(self) -> None:
        check(self)
