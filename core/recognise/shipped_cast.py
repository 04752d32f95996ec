"""The shipped cast: characters that the shipped encoder has seen, to ask about a picture before anybody is enrolled.

One vector a character, no pictures. Vectors of two encoders must never meet, so the file names the encoder that it was
made with; `python -m recipes.encoder.cast` makes it anew. docs/cast.md says how often it is right, and that of drawings
that the encoder has not seen it names few.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from core.settings import PRETRAINED
from core.similarity.metrics import cosine
from core.similarity.prototypes import centred
from core.similarity.scorer import CENTRE_FROM

CAST = PRETRAINED / "cast.safetensors"
NO_CAST_HERE = (
    "The file of the shipped cast, {path}, is missing, damaged or of another encoder. Install the app again, or ask "
    "without the shipped cast."
)
NO_CAST = (
    "The shipped cast belongs to the shipped encoder, and {name} is in use here. Ask with the encoder `pretrained`, or "
    "without the shipped cast."
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A character of the shipped cast that a face looks like. work: what it is from; name: as it is called there, or
    its number where no name is known; similarity: to its prototype, -1 to 1."""

    name: str
    work: str
    similarity: float

    def words(self) -> str:
        """As pages and commands say it, apart from the names of one's own characters.

        >>> Likeness("Belfast", "Azur Lane", 0.91).words()
        'looks like Belfast from Azur Lane (shipped cast)'
        """
        return f"looks like {self.name} from {self.work} (shipped cast)"

    def as_dict(self) -> dict[str, str | float]:
        """The JSON form."""
        return {"name": self.name, "work": self.work, "similarity": round(self.similarity, 4)}


@dataclass(frozen=True)
class ShippedCast:
    """characters: work and name of each; prototypes float32 (c, d): unit, with `centre` (d,) subtracted. A face is
    named from the similarity `match` on where it leads the second by `lead`."""

    characters: tuple[tuple[str, str], ...]
    prototypes: np.ndarray
    centre: np.ndarray
    match: float
    lead: float

    @classmethod
    def of(
        cls, characters: Sequence[tuple[str, str]], prototypes: np.ndarray, *, match: float, lead: float
    ) -> ShippedCast:
        """From at least two unit prototypes (c, d): their common mean is subtracted, as in a gallery."""
        prototypes = np.asarray(prototypes, np.float32)
        centre = prototypes.mean(axis=0) * len(prototypes) / (len(prototypes) + CENTRE_FROM)
        return cls(tuple(characters), centred(prototypes, centre), centre, match, lead)

    @property
    def dim(self) -> int:
        return int(self.prototypes.shape[1])

    def nearest(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The nearest character's place, int (q,), its similarity and its lead over the second, for unit vectors
        (q, d) of the same encoder."""
        similarity = cosine(centred(vectors, self.centre), self.prototypes)
        rows, first = np.arange(len(similarity)), similarity.argmax(axis=1)
        best = similarity[rows, first]
        similarity[rows, first] = -np.inf
        return first, best, best - similarity.max(axis=1)

    def looks_like(self, vectors: np.ndarray) -> list[Likeness | None]:
        """Whom each of the vectors (q, d) looks like; None for nobody, which is the usual answer."""
        found: list[Likeness | None] = []
        for place, best, lead in zip(*self.nearest(vectors), strict=True):
            work, name = self.characters[place]
            sure = best >= self.match and lead >= self.lead
            found.append(Likeness(name, work, float(best)) if sure else None)
        return found


def load_cast(encoder: str, path: Path | None = None) -> ShippedCast | None:
    """The cast by the encoder of that digest; None where there is none, or another encoder's. path: CAST."""
    path = path or CAST
    try:
        return _read(path, path.stat().st_mtime_ns, encoder)
    except (OSError, SafetensorError, KeyError, ValueError, TypeError):
        return None


@lru_cache(maxsize=2)
def _read(path: Path, changed: int, encoder: str) -> ShippedCast | None:
    with safe_open(path, "np") as file:
        about = file.metadata() or {}
        if about.get("encoder") != encoder:
            return None
        prototypes = file.get_tensor("prototypes")
    characters = [(str(work), str(name)) for work, name in json.loads(about["characters"])]
    if prototypes.ndim != 2 or len(prototypes) != len(characters) or len(characters) < 2:
        raise ValueError(f"{len(characters)} characters, and prototypes of shape {prototypes.shape}")
    return ShippedCast.of(characters, prototypes, match=float(about["match"]), lead=float(about["lead"]))
