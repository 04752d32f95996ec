"""Boxes on a canvas and faces in the catalogue: out to the drawing, and back as what the person changed. Pure.

The drawing is Fabric.js JSON, as streamlit-drawable-canvas takes and gives it. Each box carries its face's id in
`strokeDashOffset`, a field that survives moving, resizing and renaming and shows nothing on an undashed line; a box
without one was drawn by the person. (Order does not tell them apart: "bring forward" changes it.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.imaging.boxes import Box
from core.workspace.states import FaceState
from core.workspace.tables import Face

STROKE = 3
KEPT, PROPOSED, ACTIVE = "#1b9e5a", "#e07b00", "#c2185b"
"""Colours of a box: kept, proposed, and the one whose crop is shown."""

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
    """A box as it stands on the canvas, in pixels of the picture. face_id None: drawn by the person."""

    face_id: int | None
    label: str
    box: Box


@dataclass(frozen=True, slots=True)
class CanvasEdits:
    """What differs between the canvas and the faces: moved or resized, renamed, deleted, drawn."""

    moved: dict[int, Box] = field(default_factory=dict)
    renamed: dict[int, str] = field(default_factory=dict)
    deleted: tuple[int, ...] = ()
    drawn: tuple[CanvasBox, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.moved or self.renamed or self.deleted or self.drawn)


def drawing(faces: Sequence[Face], names: Mapping[int, str], view: View, active: int | None = None) -> dict[str, Any]:
    """The canvas's initial drawing: each face a labelled box. `names`: character id -> name."""
    objects = []
    for face in faces:
        box = view.to_canvas(face.box)
        colour = ACTIVE if face.id == active else KEPT if face.state == FaceState.KEPT else PROPOSED
        objects.append(
            {
                "type": "LabeledRect",
                "label": names.get(face.character_id or 0, ""),
                "fontSize": 14,
                **{"left": box.x, "top": box.y, "width": box.w, "height": box.h, "scaleX": 1, "scaleY": 1},
                **{"originX": "left", "originY": "top", "angle": 0, "lockRotation": True},
                **{"stroke": colour, "strokeWidth": STROKE, "strokeUniform": True, "fill": "rgba(0,0,0,0)"},
                "strokeDashOffset": face.id,
            }
        )
    return {"objects": objects}


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
        face_id = int(item.get("strokeDashOffset") or 0) or None
        inside = _whole(view.to_picture(Box(left, top, width, height)), view.region)
        if inside is None or (face_id is None and min(inside.w, inside.h) < SMALLEST):
            continue
        found.append(CanvasBox(face_id, str(item.get("label", "")).strip(), inside))
    return found


def differences(boxes: Sequence[CanvasBox], faces: Sequence[Face], names: Mapping[int, str], view: View) -> CanvasEdits:
    """What the person changed: the canvas's boxes against the faces that it was made from.

    An edge counts as moved from about a pixel on (of the canvas or the picture, whichever is larger); one that stayed
    keeps its exact place, so that dragging one side does not round the others. Faces outside the view are left alone.
    """
    by_id = {b.face_id: b for b in boxes if b.face_id is not None}
    tolerance = 0.6 * max(1 / view.scale, 1.0)
    moved, renamed, deleted = {}, {}, []
    for face in faces:
        if face.id not in by_id:
            if face.box.intersection(view.region) > 0:
                deleted.append(face.id)
            continue
        now = by_id[face.id]
        box = _edges(face.box, now.box, tolerance, view)
        if box != face.box:
            moved[face.id] = box
        if now.label and now.label != names.get(face.character_id or 0, ""):
            renamed[face.id] = now.label
    drawn = tuple(b for b in boxes if b.face_id is None)
    return CanvasEdits(moved, renamed, tuple(deleted), drawn)


def _whole(box: Box, region: Box) -> Box | None:
    """The box on whole pixels, inside the region that is shown; None where nothing is left."""
    x1, y1 = max(round(box.x), round(region.x)), max(round(box.y), round(region.y))
    x2, y2 = min(round(box.right), round(region.right)), min(round(box.bottom), round(region.bottom))
    return Box(float(x1), float(y1), float(x2 - x1), float(y2 - y1)) if x2 > x1 and y2 > y1 else None


def _edges(old: Box, new: Box, tolerance: float, view: View) -> Box:
    region = view.region

    def edge(was: float, now: float, low: float, high: float) -> float:
        return was if abs(min(max(was, low), high) - now) <= tolerance else now

    x1, x2 = (edge(w, n, region.x, region.right) for w, n in ((old.x, new.x), (old.right, new.right)))
    y1, y2 = (edge(w, n, region.y, region.bottom) for w, n in ((old.y, new.y), (old.bottom, new.bottom)))
    if (x1, y1, x2, y2) == (old.x, old.y, old.right, old.bottom):
        return old
    return Box.from_corners(x1, y1, x2, y2)


_ORIGIN = {"left": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "bottom": 1.0}
