"""How much the benchmarks measure, and with what: drawn faces and pictures, or a folder of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from core.drawn import cast, draw
from core.drawn.picture import draw_face
from core.errors import DetectorError
from core.imaging.reading import encode_jpeg
from core.settings import Settings


@dataclass(frozen=True)
class Setting:
    """folder: where files may be laid down. quick: a smoke test. pictures: those of boxes and recognition."""

    folder: Path
    quick: bool
    pictures: Path | None = None

    def of(self, quick: int, full: int) -> int:
        """The amount of work."""
        return quick if self.quick else full

    @property
    def runs(self) -> int:
        return 3 if self.quick else 5

    @property
    def growth(self) -> tuple[int, ...]:
        """Amounts of what looks at rows."""
        return (1000, 3000) if self.quick else (1000, 10_000, 100_000)

    @property
    def growth_of_files(self) -> tuple[int, ...]:
        """Amounts of what reads files."""
        return (10, 30) if self.quick else (100, 1000, 10_000)

    @cached_property
    def faces(self) -> list[np.ndarray]:
        """Face crops of 140 px and more."""
        drawn = [draw_face(one, seed) for one in cast(self.of(8, 16), 5) for seed in range(self.of(2, 4))]
        return [np.roll(face, 3 * turn, axis=1) for turn in range(self.of(4, 4)) for face in drawn]

    @cached_property
    def files(self) -> list[Path]:
        """Pictures on disk."""
        if self.pictures:
            found = sorted(
                p for p in self.pictures.rglob("*") if p.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"}
            )
            return found[: self.of(40, 500)]
        paths = []
        for number, one in enumerate(cast(8, 5)):
            for seed in range(self.of(3, 8)):
                path = self.folder / f"{number}_{seed}.jpg"
                path.write_bytes(encode_jpeg(draw(one, seed).pixels))
                paths.append(path)
        return (paths * (self.of(24, 500) // len(paths) + 1))[: self.of(24, 500)]

    @cached_property
    def cascade(self) -> Path | None:
        """The article's cascade, where it can be had."""
        from core.vision.cascade import find_cascade

        try:
            return find_cascade(Settings())
        except DetectorError:
            return None
