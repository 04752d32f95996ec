"""The labelled faces that the encoder learns from: one cache of small pictures, their identities, their framing."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from core.errors import DataError
from core.vision.framing import fit_square

SIDE = 128
"""Pixels a side in the cache."""


@dataclass(frozen=True, slots=True)
class Source:
    """How a source cuts its faces, and how much it counts.

    `face` is the median side of a cascade box over the crop's side, `low` how far that box's centre lies below the
    crop's centre (share of the side), both measured with the cascade; `weight` how often a batch draws from it.
    Sources with many expressions in one style are easy and count less.
    """

    face: float = 0.75
    low: float = 0.05
    weight: float = 1.0


SOURCES = {
    "another_eden": Source(0.49, -0.18, 0.6),
    "another_eden_icons": Source(weight=1.0),
    "arknights": Source(0.58, 0.15, 2.0),
    "azur_lane": Source(0.90, 0.04, 3.5),
    "blue_archive": Source(0.59, 0.05, 1.0),
    "danganronpa": Source(0.60, 0.06, 0.4),
    "dragalia": Source(0.68, 0.06, 0.3),
    "fire_emblem_heroes": Source(weight=1.0),
    "genshin": Source(0.57, 0.07, 0.8),
    "hololive": Source(0.99, 0.03, 4.0),
    "kancolle": Source(1.09, 0.07, 3.5),
    "katawa_shoujo": Source(0.62, 0.02, 0.2),
    "priconne": Source(0.80, 0.08, 0.8),
    "sekai": Source(0.66, 0.10, 0.4),
    "shiny_colors": Source(weight=0.8),
    "shinycolors_stickers": Source(0.66, 0.07, 0.1),
    "star_rail": Source(weight=0.8),
    "touhou": Source(0.68, 0.03, 2.0),
    "twisted_wonderland": Source(weight=0.8),
    "umamusume": Source(0.68, 0.16, 2.0),
    "warship_girls": Source(0.62, 0.06, 1.5),
    "wuthering_waves": Source(weight=0.5),
    "zenless": Source(weight=0.5),
}
"""A source that is not named here is taken as framed like core.vision.face_crop, with weight 1.

Those without a framing were not measured with the cascade: a pack (recipes.encoder.pack) knows where each face lies.
"""


def framing_of(source: str) -> list[float]:
    """The framing of a source's faces where nothing is known of the single face: see Faces.framing."""
    value = SOURCES.get(source, Source())
    return [value.face, value.low, 0.0]


@dataclass(frozen=True)
class Faces:
    """Cached faces: `pixels` uint8 (n, side, side, 3), `names` the identities "source/character", `labels` (n,)
    indices into them, `files` (n,) the file's stem.

    `framing` float32 (n, 3): the side of a cascade box, and how far its centre lies below and to the right of the
    middle, over the picture's side. None: as SOURCES says.
    """

    pixels: np.ndarray
    names: tuple[str, ...]
    labels: np.ndarray
    files: tuple[str, ...]
    framing: np.ndarray | None = None

    @property
    def sources(self) -> np.ndarray:
        """Source of each identity."""
        return np.array([name.split("/")[0] for name in self.names])

    def keep(self, identities: np.ndarray) -> Faces:
        """The faces of some identities only (a bool mask over `names`), labels renumbered."""
        faces = np.flatnonzero(identities[self.labels])
        number = np.cumsum(identities) - 1
        names = tuple(n for n, k in zip(self.names, identities, strict=True) if k)
        framing = None if self.framing is None else self.framing[faces]
        return Faces(
            self.pixels[faces], names, number[self.labels[faces]], tuple(self.files[i] for i in faces), framing
        )


def load_faces(folder: Path, cache: Path) -> Faces:
    """All faces under folder/SOURCE/CHARACTER/, read once and kept in `cache`. DataError where there are none."""
    index, pixels = cache / "faces.json", cache / "faces.npy"
    if not (index.is_file() and pixels.is_file()):
        _fill(folder, index, pixels)
    rows = json.loads(index.read_text(encoding="utf-8"))
    names = tuple(sorted({row[0] for row in rows}))
    number = {name: i for i, name in enumerate(names)}
    labels = np.array([number[row[0]] for row in rows])
    return Faces(np.load(pixels), names, labels, tuple(row[1] for row in rows))


def _fill(folder: Path, index: Path, pixels: Path) -> None:
    files = sorted(p for p in folder.glob("*/*/*") if p.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"})
    rows, faces = [], []
    for path in files:
        picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            continue
        rows.append([f"{path.parent.parent.name}/{path.parent.name}", path.stem])
        faces.append(fit_square(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), SIDE))
    if not faces:
        raise DataError(f"No faces under {folder}; expected {folder}/SOURCE/CHARACTER/*.jpg.")
    pixels.parent.mkdir(parents=True, exist_ok=True)
    np.save(pixels, np.stack(faces))
    index.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def held_out(faces: Faces, sources: list[str], share: float, seed: int = 0) -> np.ndarray:
    """Bool mask over identities: whole sources, and a share of the characters with at least 6 faces of every other.

    An entry `SOURCE:N` of `sources` stands for N characters of that source, drawn from those with at least 6 faces.
    Sources with fewer than 8 such characters give none, so that a held-out set has at least two.
    """
    counts = np.bincount(faces.labels, minlength=len(faces.names))
    whole = {source for source in sources if ":" not in source}
    some = {source: int(count) for source, count in (entry.split(":") for entry in sources if ":" in entry)}
    mask = np.isin(faces.sources, sorted(whole))
    for source, count in some.items():
        rich = np.flatnonzero((faces.sources == source) & (counts >= 6))
        rng = np.random.default_rng((seed, zlib.crc32(source.encode())))
        mask[rng.choice(rich, min(count, len(rich)), replace=False)] = True
    for source in sorted(set(faces.sources) - whole - set(some)):
        rich = np.flatnonzero((faces.sources == source) & (counts >= 6))
        if share > 0 and len(rich) >= 8:
            rng = np.random.default_rng((seed, zlib.crc32(source.encode())))  # one source does not move another's draw
            mask[rng.choice(rich, max(round(share * len(rich)), 4), replace=False)] = True
    return mask
