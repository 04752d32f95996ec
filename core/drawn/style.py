"""How a picture is drawn: lines, shading and the pen that every part of a figure is drawn with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from core.drawn.canvas import Canvas
from core.drawn.colours import INK, Colour, mix, shade


@dataclass(frozen=True, slots=True)
class Style:
    """One artist's hand: line width in head units, how coloured lines are (0 ink, 1 the area's own dark tone),
    depth of shadows, softness of their edges in head units, the lit side, how much of the hair's gloss is drawn,
    and the artist's own eye size."""

    line: float = 0.022
    line_colour: float = 0.5
    depth: float = 1.0
    soft: float = 0.0
    lit_from_left: bool = True
    gloss: float = 1.0
    eye_scale: float = 1.0


def random_style(rng: np.random.Generator) -> Style:
    """A style as one of many artists would have it: mostly cel, now and then soft, flat or heavy-lined."""
    kind = rng.choice(["cel", "soft", "flat", "bold"], p=[0.5, 0.28, 0.1, 0.12])
    return Style(
        line=float(rng.uniform(0.03, 0.045) if kind == "bold" else rng.uniform(0.012, 0.028)),
        line_colour=float(rng.uniform(0.0, 0.3) if kind == "bold" else rng.uniform(0.2, 0.9)),
        depth=float(rng.uniform(0.5, 0.8) if kind == "flat" else rng.uniform(0.8, 1.45)),
        soft=float(rng.uniform(0.04, 0.1)) if kind == "soft" else 0.0,
        lit_from_left=bool(rng.random() < 0.5),
        gloss=float(rng.uniform(0, 0.4) if kind == "flat" else rng.uniform(0.5, 1.2)),
        eye_scale=float(rng.normal(1.0, 0.05)),
    )


class Pen:
    """Draws a figure's parts, given in its own coordinates, in one style on one canvas."""

    def __init__(self, canvas: Canvas, place: Callable[[np.ndarray], np.ndarray], scale: float, style: Style):
        self.canvas, self.place, self.scale, self.style = canvas, place, scale, style

    def ink(self, colour: Colour) -> Colour:
        """The colour of the line around an area of this colour."""
        own = shade(shade(shade(colour)))
        return mix(INK, own, self.style.line_colour)

    def fill(self, points: np.ndarray, colour: Colour) -> None:
        self.canvas.fill(self.place(points), colour)

    def line(self, points: np.ndarray, colour: Colour, width: float = 1.0, *, closed: bool = False) -> None:
        """A line `width` times as wide as the style's."""
        self.canvas.line(self.place(points), colour, self.style.line * width * self.scale, closed=closed)

    def taper(self, points: np.ndarray, colour: Colour, width: float = 1.0, ends: tuple[float, float] = (0, 0)) -> None:
        """A line that swells in its middle, at most `width` times as wide as the style's."""
        self.canvas.taper(self.place(points), colour, self.style.line * width * self.scale, ends=ends)

    def shape(self, points: np.ndarray, colour: Colour, width: float = 1.0) -> None:
        """A filled area with its outline."""
        self.fill(points, colour)
        self.line(points, self.ink(colour), width, closed=True)

    @contextmanager
    def clip(self, *outlines: np.ndarray, soft: float = 0, opacity: float = 1.0) -> Iterator[Pen]:
        """A pen that draws only inside the outlines; `soft` is in head units."""
        with self.canvas.clip(*(self.place(o) for o in outlines), soft=soft * self.scale, opacity=opacity) as layer:
            yield Pen(layer, self.place, self.scale, self.style)

    def gradient(self, top: Colour, bottom: Colour, y0: float, y1: float) -> None:
        """Fill all that this pen reaches from colour to colour between two heights of the figure."""
        ends = self.place(np.array([[0, y0], [0, y1]]))[:, 1]
        self.canvas.gradient(top, bottom, ends[0], ends[1])

    def soften(self, radius: float) -> None:
        self.canvas.soften(radius * self.scale)
