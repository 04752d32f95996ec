"""What hides part of a face: hair, a blindfold, glasses, a hood, a hand, a mask, cloth, shade. The face stays true: it
is the hidden faces that are missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

Colour = tuple[int, ...]


@dataclass(frozen=True)
class Frame:
    """Where a face lies: its middle in pixels, the half axes across and down, and its turn in radians."""

    middle: tuple[float, float]
    across: float
    down: float
    turn: float

    def at(self, u: float, v: float) -> np.ndarray:
        """The pixel at (u, v): (-1, 0) is the left cheek's edge, (0, 1) the chin."""
        right, below = (
            np.array([np.cos(self.turn), np.sin(self.turn)]),
            np.array([-np.sin(self.turn), np.cos(self.turn)]),
        )
        return np.asarray(self.middle) + right * u * self.across + below * v * self.down


@dataclass(frozen=True)
class Brush:
    """The canvas (uint8 H x W x 3, painted on), the face, and the colours of its hair, its skin and some cloth."""

    pixels: np.ndarray
    face: Frame
    hair: Colour
    skin: Colour
    cloth: Colour

    def fill(self, points: list[tuple[float, float]], colour: Colour, opacity: float = 1.0) -> None:
        """A polygon in the face's coordinates."""
        corners = np.round(np.array([self.face.at(*point) for point in points]) * 8).astype(np.int32)
        target = self.pixels if opacity == 1 else self.pixels.copy()
        cv2.fillPoly(target, [corners], colour, cv2.LINE_AA, 3)
        if opacity < 1:
            cv2.addWeighted(target, opacity, self.pixels, 1 - opacity, 0, self.pixels)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: Colour, wide: float) -> None:
        """A thick line with round ends; `wide` as a share of the half axis across."""
        a, b = (tuple(map(int, self.face.at(*point))) for point in (start, end))
        cv2.line(self.pixels, a, b, colour, max(int(wide * self.face.across), 2), cv2.LINE_AA)

    def ellipse(
        self, centre: tuple[float, float], axes: tuple[float, float], colour: Colour, wide: float = 0.0
    ) -> None:
        """Filled, or as a ring of that width."""
        place = tuple(map(int, self.face.at(*centre)))
        size = (max(int(axes[0] * self.face.across), 1), max(int(axes[1] * self.face.down), 1))
        thick = max(int(wide * self.face.across), 1) if wide else -1
        cv2.ellipse(self.pixels, place, size, np.rad2deg(self.face.turn), 0, 360, colour, thick, cv2.LINE_AA)


def strands(brush: Brush, rng: np.random.Generator) -> None:
    """Some strands in the colour of the hair."""
    for _ in range(rng.integers(1, 5)):
        u, lean, wide = rng.uniform(-0.9, 0.9), rng.uniform(-0.5, 0.5), rng.uniform(0.12, 0.45)
        tip = rng.uniform(-0.1, 1.1)
        brush.fill(
            [(u - wide, -1.4), (u + wide, -1.4), (u + lean + wide * 0.5, tip * 0.4), (u + lean, tip)], brush.hair
        )


def fringe(brush: Brush, rng: np.random.Generator) -> None:
    """Hair over one side or over both eyes."""
    if rng.random() < 0.6:
        side, edge = rng.choice([-1, 1]), rng.uniform(-0.15, 0.25)
        low = rng.uniform(0.4, 1.3)
        brush.fill(
            [(side * 1.3, -1.4), (-side * 0.3, -1.4), (-side * edge, 0.1), (side * 0.5, low), (side * 1.3, low)],
            brush.hair,
        )
        return
    low = rng.uniform(-0.05, 0.25)
    points = [(-1.2, -1.4), (1.2, -1.4)]
    points += [(1.2 - 0.3 * k, low - (0.35 if k % 2 else 0.0) + rng.uniform(-0.08, 0.08)) for k in range(9)]
    brush.fill(points, brush.hair)


def band(brush: Brush, rng: np.random.Generator) -> None:
    """A blindfold, a bandage, a bar."""
    v, tall, slope = rng.uniform(-0.35, 0.15), rng.uniform(0.2, 0.42), rng.uniform(-0.25, 0.25)
    colour = brush.cloth if rng.random() < 0.6 else (15, 15, 18) if rng.random() < 0.6 else (240, 238, 235)
    brush.fill(
        [(-1.1, v - tall - slope), (1.1, v - tall + slope), (1.1, v + tall + slope), (-1.1, v + tall - slope)], colour
    )
    for _ in range(rng.integers(0, 4)):
        w = v + rng.uniform(-tall, tall)
        brush.line((-1.0, w - slope), (1.0, w + slope), tuple(int(c * 0.7) for c in colour), 0.04)


def glasses(brush: Brush, rng: np.random.Generator) -> None:
    """Sunglasses, reflecting or rimmed glasses, goggles, an eye patch."""
    v, size = rng.uniform(-0.2, 0.1), rng.uniform(0.3, 0.45)
    dark = tuple(int(c) for c in rng.integers(0, 60, 3))
    colour = dark if rng.random() < 0.6 else brush.cloth if rng.random() < 0.6 else (235, 240, 245)
    patch, rims = rng.random() < 0.25, rng.random() < 0.25
    for side in (-1, 1) if not patch else (int(rng.choice([-1, 1])),):
        brush.ellipse((0.45 * side, v), (size, size * rng.uniform(0.7, 1.0)), colour, 0.08 if rims else 0.0)
    brush.line((-1.0, v - 0.1), (1.0, v - 0.1 + (rng.uniform(-0.5, 0.5) if patch else 0)), colour, 0.07)


def hood(brush: Brush, rng: np.random.Generator) -> None:
    """A hood around the face, often with its edge over the forehead or the eyes."""
    colour = tuple(int(c * 0.6) for c in brush.cloth)
    face = brush.face
    size = (int(1.2 * face.across), int(1.35 * face.down))
    centre, thick = tuple(map(int, face.at(0, -0.15))), max(int(0.45 * face.across), 2)
    cv2.ellipse(brush.pixels, centre, size, np.rad2deg(face.turn), 150, 390, colour, thick, cv2.LINE_AA)
    if rng.random() < 0.6:
        v = rng.uniform(-0.6, 0.1)
        brush.fill([(-1.2, -1.5), (1.2, -1.5), (1.1, v), (0, v + rng.uniform(-0.2, 0.2)), (-1.1, v)], colour)


def hand(brush: Brush, rng: np.random.Generator) -> None:
    """A hand in the colour of the skin from below or from a side, over a cheek, the mouth or an eye."""
    u, v = rng.uniform(-0.7, 0.7), rng.uniform(-0.3, 0.9)
    lean = rng.uniform(-0.6, 0.6)
    glove = brush.cloth if rng.random() < 0.25 else brush.skin
    edge = tuple(int(c * 0.6) for c in glove)
    for finger in range(rng.integers(2, 5)):
        start = (u + 0.28 * finger - 0.4, v + rng.uniform(-0.1, 0.1))
        end = (start[0] + lean + rng.uniform(-0.1, 0.1), v + 1.2)
        brush.line(start, end, edge, 0.3)
        brush.line(start, end, glove, 0.25)


def mask(brush: Brush, rng: np.random.Generator) -> None:
    """A mask or a scarf over mouth and nose."""
    v = rng.uniform(0.0, 0.35)
    brush.fill([(-1.0, v), (0, v - 0.15), (1.0, v), (0.7, 1.1), (-0.7, 1.1)], brush.cloth)


def half(brush: Brush, rng: np.random.Generator) -> None:
    """Something large in front of up to half of the face: a book, a fan, a shoulder, somebody's hair."""
    angle, reach = rng.uniform(0, 2 * np.pi), rng.uniform(0.0, 0.5)
    out, along = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    bend = rng.uniform(-0.3, 0.3)
    corners = [
        out * reach - along * 1.5,
        out * (reach + bend),
        out * reach + along * 1.5,
        out * 2 + along * 1.5,
        out * 2 - along * 1.5,
    ]
    colour = (brush.cloth, brush.hair, brush.skin)[rng.integers(3)]
    brush.fill([tuple(c) for c in corners], colour, 1.0 if rng.random() < 0.85 else 0.7)


def shade(brush: Brush, rng: np.random.Generator) -> None:
    """Half of the face, or its upper part, lies in the dark."""
    face, (height, width) = brush.face, brush.pixels.shape[:2]
    reach = (face.across, face.down)
    x1, y1 = np.maximum(np.subtract(face.middle, reach).astype(int), 0)
    x2, y2 = np.minimum(np.ceil(np.add(face.middle, reach)).astype(int), (width, height))
    if x2 <= x1 or y2 <= y1:
        return
    part = brush.pixels[y1:y2, x1:x2]
    sideways = rng.random() < 0.5
    ramp = np.linspace(rng.uniform(0.1, 0.5), 1, part.shape[1] if sideways else part.shape[0])
    ramp = ramp[::-1] if rng.random() < 0.5 else ramp
    part[:] = (part * (ramp[None, :, None] if sideways else ramp[:, None, None])).astype(np.uint8)


KINDS: dict[Callable[[Brush, np.random.Generator], None], float] = {
    strands: 0.18,
    fringe: 0.14,
    band: 0.14,
    glasses: 0.12,
    hood: 0.12,
    hand: 0.12,
    mask: 0.06,
    half: 0.07,
    shade: 0.05,
}
"""How often a hidden face is hidden by each."""


def hide(pixels: np.ndarray, rng: np.random.Generator, face: Frame) -> None:
    """Lay something over part of a face, in place."""
    height, width = pixels.shape[:2]

    def colour_at(u: float, v: float) -> Colour:
        x, y = np.clip(face.at(u, v), 0, (width - 1, height - 1)).astype(int)
        return tuple(int(c) for c in pixels[y, x])

    hair, skin = colour_at(rng.uniform(-0.9, 0.9), -1.3), colour_at(rng.uniform(-0.4, 0.4), 0.45)
    cloth = tuple(int(c) for c in rng.integers(0, 256, 3))
    kinds = list(KINDS)
    kinds[rng.choice(len(kinds), p=list(KINDS.values()))](Brush(pixels, face, hair, skin, cloth), rng)
