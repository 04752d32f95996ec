"""The values that all rooms share: a Box on a picture, a Detection."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a picture, in pixels: left edge x, top edge y, width w, height h.

    Coordinates may be fractional and may reach over the picture's border; `clip` brings them back.

    >>> import numpy as np
    >>> Box(10, 20, 30, 40).crop(np.zeros((100, 50, 3), np.uint8)).shape
    (40, 30, 3)
    """

    x: float
    y: float
    w: float
    h: float

    def __post_init__(self) -> None:
        values = (self.x, self.y, self.w, self.h)
        if not all(math.isfinite(v) for v in values):
            raise ValueError(f"A box needs finite numbers, got {values}.")
        if self.w <= 0 or self.h <= 0:
            raise ValueError(f"A box needs a positive width and height, got {self.w} x {self.h}.")

    @classmethod
    def from_corners(cls, x1: float, y1: float, x2: float, y2: float) -> Box:
        """The box between two opposite corners, in any order."""
        return cls(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))

    @classmethod
    def from_centre(cls, cx: float, cy: float, w: float, h: float) -> Box:
        """The box of size w x h around a centre."""
        return cls(cx - w / 2, cy - h / 2, w, h)

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    @property
    def area(self) -> float:
        return self.w * self.h

    def as_list(self) -> list[float]:
        """[x, y, w, h], rounded to a hundredth of a pixel: the form in JSON."""
        return [round(float(v), 2) for v in (self.x, self.y, self.w, self.h)]

    def clip(self, width: float, height: float) -> Box | None:
        """The part inside a picture of that size, or None where nothing is inside."""
        x1, y1 = max(self.x, 0.0), max(self.y, 0.0)
        x2, y2 = min(self.right, width), min(self.bottom, height)
        return Box(x1, y1, x2 - x1, y2 - y1) if x2 > x1 and y2 > y1 else None

    def pad(self, share: float) -> Box:
        """Grown by a share of its size on every side (negative: shrunk). 0.5 doubles the size."""
        dx, dy = self.w * share, self.h * share
        return Box(self.x - dx, self.y - dy, self.w + 2 * dx, self.h + 2 * dy)

    def square(self) -> Box:
        """The square around the same centre with the longer side."""
        side = max(self.w, self.h)
        return Box.from_centre(*self.centre, side, side)

    def shift(self, dx: float, dy: float) -> Box:
        """Moved by pixels."""
        return Box(self.x + dx, self.y + dy, self.w, self.h)

    def scale(self, factor: float) -> Box:
        """The same box on the picture enlarged by a factor."""
        return Box(self.x * factor, self.y * factor, self.w * factor, self.h * factor)

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x <= x <= self.right and self.y <= y <= self.bottom

    def intersection(self, other: Box) -> float:
        """Shared area in square pixels."""
        w = min(self.right, other.right) - max(self.x, other.x)
        h = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(w, 0.0) * max(h, 0.0)

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        shared = self.intersection(other)
        return shared / (self.area + other.area - shared)

    def crop(self, picture: np.ndarray) -> np.ndarray:
        """The pixels inside, picture[y:y+h, x:x+w], clipped to the picture; a copy.

        The only place where a picture is cut. (The article cut picture[x:x+w, y:y+h].)
        Raises ValueError where the box lies wholly outside.
        """
        height, width = picture.shape[:2]
        x1, y1 = max(round(self.x), 0), max(round(self.y), 0)
        x2, y2 = min(round(self.right), width), min(round(self.bottom), height)
        if x2 <= x1 or y2 <= y1:
            raise ValueError(f"{self} holds no pixel of a picture of {width} x {height}.")
        return picture[y1:y2, x1:x2].copy()


@dataclass(frozen=True, slots=True)
class Detection:
    """A face found on a picture: where, how sure (0 to 1), and by which detector."""

    box: Box
    score: float
    detector: str = ""
