"""How a map is made: what the command line and the page ask for, without what computes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from core.options import check, option

METHODS = ("pca", "umap", "tsne")
RESULT = "map"
"""What the catalogue calls maps among its results."""


@dataclass(frozen=True, slots=True)
class MapSettings:
    """How the map is made. `neighbours` and `min_distance` are UMAP's, `perplexity` t-SNE's; `dimensions` 2 or 3.

    UMAP's own min_distance of 0.1 packs a character so tightly that faces hide each other; at 0.5 each can be clicked.
    """

    method: str = option("umap", choices=METHODS, help="projection")
    dimensions: int = option(2, low=2, high=3, metavar="2|3", help="2 or 3")
    neighbours: int = option(15, low=2, high=1000, metavar="N", help="of UMAP")
    min_distance: float = option(0.5, low=0, high=1, metavar="D", help="of UMAP")
    perplexity: float = option(30.0, above=1, high=1000, metavar="P", help="of t-SNE")
    seed: int = option(0, low=0, high=2**32 - 1, help="same seed, same map")

    def __post_init__(self) -> None:
        check(self)

    def relevant(self) -> dict[str, Any]:
        """The values that this method looks at: two settings with the same ones make the same map."""
        unused = {
            "pca": ("neighbours", "min_distance", "perplexity", "seed"),
            "umap": ("perplexity",),
            "tsne": ("neighbours", "min_distance"),
        }
        return {key: value for key, value in asdict(self).items() if key not in unused[self.method]}
