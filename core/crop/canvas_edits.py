"""What was drawn on the canvas, as boxes of the picture. Pure.

The drawing is Fabric.js JSON, as streamlit-drawable-canvas gives it. The canvas holds only new boxes: the faces that
are there already lie under it, on a stage of our own (ui/crop/browser).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.imaging.boxes import Box

SMALLEST = 8
"""Pixels of the picture: a smaller drawn box is a slip of the mouse."""


@dataclass(frozen=True, slots=True)
class View:
    """The part of a picture that a canvas shows: canvas = (picture - (x, y)) * scale, on width x height pixels."""

    x: float
    y: float
    scale: float
    width: int
    height: int

    @classmethod
    def of(cls, width: int, height: int, max_size: tuple[int, int], around: Box | None = None) -> View:
        """All of a picture of that size, as large as fits into `max_size`; with `around`, the surroundings of a face.

        >>> View.of(1000, 500, (500, 500))
        View(x=0.0, y=0.0, scale=0.5, width=500, height=250)
        """
        region = Box(0, 0, width, height)
        if around is not None:
            region = around.square().pad(1.5).clip(width, height) or region
        region = Box(round(region.x), round(region.y), max(round(region.w), 1), max(round(region.h), 1))
        scale = min(max_size[0] / region.w, max_size[1] / region.h, 8.0)
        if around is None:
            scale = min(scale, 2.0)
        return cls(
            float(region.x), float(region.y), scale, max(round(region.w * scale), 1), max(round(region.h * scale), 1)
        )

    @property
    def region(self) -> Box:
        """What is shown, in pixels of the picture."""
        return Box(self.x, self.y, self.width / self.scale, self.height / self.scale)

    def to_canvas(self, box: Box) -> Box:
        return box.shift(-self.x, -self.y).scale(self.scale)

    def to_picture(self, box: Box) -> Box:
        return box.scale(1 / self.scale).shift(self.x, self.y)


@dataclass(frozen=True, slots=True)
class CanvasBox:
    """A box that was drawn, in pixels of the picture, and the name that it was given (empty: the picture's own)."""

    label: str
    box: Box


@dataclass(frozen=True, slots=True)
class CanvasEdits:
    """What a person changed on the picture: boxes moved or resized, renamed, deleted (by face id), drawn."""

    moved: dict[int, Box] = field(default_factory=dict)
    renamed: dict[int, str] = field(default_factory=dict)
    deleted: tuple[int, ...] = ()
    drawn: tuple[CanvasBox, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.moved or self.renamed or self.deleted or self.drawn)


def canvas_boxes(drawn: Mapping[str, Any] | None, view: View) -> list[CanvasBox]:
    """The boxes of a canvas's JSON in pixels of the picture, whole pixels, inside what is shown.

    A resize changes scaleX and scaleY and leaves width and height as they were: multiplied here. Something smaller than
    SMALLEST on a side, or outside the picture, is left out.
    """
    found = []
    for item in (drawn or {}).get("objects", []):
        if item.get("type") not in ("LabeledRect", "Rect", "rect"):
            continue
        width = float(item.get("width", 0)) * abs(float(item.get("scaleX", 1)))
        height = float(item.get("height", 0)) * abs(float(item.get("scaleY", 1)))
        left = float(item.get("left", 0)) - _ORIGIN.get(item.get("originX", "left"), 0.0) * width
        top = float(item.get("top", 0)) - _ORIGIN.get(item.get("originY", "top"), 0.0) * height
        if width <= 0 or height <= 0:
            continue
        inside = whole_pixels(view.to_picture(Box(left, top, width, height)), view.region)
        if inside is None or min(inside.w, inside.h) < SMALLEST:
            continue
        found.append(CanvasBox(str(item.get("label", "")).strip(), inside))
    return found


def whole_pixels(box: Box, region: Box) -> Box | None:
    """The box on whole pixels, inside a region; None where nothing is left."""
    x1, y1 = max(round(box.x), round(region.x)), max(round(box.y), round(region.y))
    x2, y2 = min(round(box.right), round(region.right)), min(round(box.bottom), round(region.bottom))
    return Box(float(x1), float(y1), float(x2 - x1), float(y2 - y1)) if x2 > x1 and y2 > y1 else None


def moved_box(old: Box, new: Box, width: int, height: int) -> Box:
    """A box after a drag, on whole pixels of a width x height picture; an edge that stayed keeps its exact place, so
    that dragging one side does not round the others.

    >>> moved_box(Box(100.4, 40.3, 60.2, 80.1), Box(100.4, 40.3, 70.4, 80.1), 500, 500).as_list()
    [100.4, 40.3, 70.6, 80.1]
    """

    def edge(was: float, now: float, most: int) -> float:
        return was if abs(was - now) < 0.01 else float(min(max(round(now), 0), most))

    x1, y1 = edge(old.x, new.x, width), edge(old.y, new.y, height)
    x2, y2 = edge(old.right, new.right, width), edge(old.bottom, new.bottom, height)
    return Box.from_corners(x1, y1, x2, y2)


_ORIGIN = {"left": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "bottom": 1.0}
