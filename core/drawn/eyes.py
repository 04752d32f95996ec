"""Eyes: the white, an iris of several layers, highlights, lashes and lid; the part that makes a face anime."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.drawn.colours import WHITE, Colour, light, mix, shade, turn
from core.drawn.curves import bend, ellipse, spline, vec
from core.drawn.face import shadowed
from core.drawn.pose import Head
from core.drawn.style import Pen
from core.drawn.traits import Character


@dataclass(frozen=True, slots=True)
class Lid:
    """An eye's opening as shares of its half size: corners, highest and lowest points; y down, outer side x > 0."""

    wide: float
    high: float
    inner: tuple[float, float]
    peak: tuple[float, float]
    outer: tuple[float, float]
    low_outer: tuple[float, float]
    low_inner: tuple[float, float]
    iris: float
    lash: float


_SHAPES = {
    "round": Lid(0.31, 0.36, (-0.98, 0.2), (-0.1, -1.0), (0.98, -0.12), (0.72, 0.8), (-0.62, 0.88), 0.72, 1.0),
    "tall": Lid(0.28, 0.40, (-0.95, 0.15), (-0.05, -1.0), (0.98, -0.2), (0.76, 0.85), (-0.66, 0.9), 0.76, 1.1),
    "almond": Lid(0.33, 0.28, (-1.0, 0.35), (-0.05, -1.0), (1.02, -0.25), (0.7, 0.75), (-0.6, 0.86), 0.62, 1.0),
    "cat": Lid(0.34, 0.30, (-1.0, 0.5), (0.15, -0.95), (1.05, -0.6), (0.78, 0.55), (-0.55, 0.9), 0.64, 1.2),
    "droopy": Lid(0.33, 0.31, (-0.98, 0.05), (-0.3, -1.0), (1.0, 0.3), (0.72, 0.92), (-0.62, 0.82), 0.68, 1.0),
    "sleepy": Lid(0.33, 0.25, (-1.0, 0.05), (-0.1, -0.85), (1.02, 0.0), (0.72, 0.98), (-0.64, 0.95), 0.66, 1.15),
    "narrow": Lid(0.33, 0.20, (-1.0, 0.4), (0.1, -0.9), (1.05, -0.35), (0.75, 0.62), (-0.55, 0.88), 0.52, 0.8),
}


def draw_eye(
    pen: Pen,
    character: Character,
    head: Head,
    side: int,
    *,
    opened: float,
    gaze: tuple[float, float],
    colour: Colour,
    wide: float,
) -> None:
    """One eye; opened 0 to 1 (shut: draw_shut_eye), gaze as shares of the eye's half size, wide > 1 when startled."""
    lid = _SHAPES[character.eye_shape]
    size = character.eye_size * pen.style.eye_scale
    x, y, narrow = head.eye(side, character.eye_gap)
    ex, ey = lid.wide * size * narrow, lid.high * size * wide
    if head.turn > 0.8:
        side = -1
    slant = character.eye_slant

    def at(px: float, py: float) -> tuple[float, float]:
        top = 0.75 - (0.75 - py) * opened if py < 0.75 else py
        return x + side * px * ex, y + (top - px * slant) * ey

    upper = spline(
        [
            at(*lid.inner),
            at((lid.inner[0] + lid.peak[0]) / 2 - 0.06, lid.peak[1] * 0.72),
            at(*lid.peak),
            at((lid.outer[0] + lid.peak[0]) / 2 + 0.12, lid.peak[1] * 0.78 + lid.outer[1] * 0.12),
            at(*lid.outer),
        ]
    )
    lower = spline([at(*lid.outer), at(*lid.low_outer), at(0.05, 1.0), at(*lid.low_inner), at(*lid.inner)])
    opening = np.vstack([upper, lower[1:-1]])
    ink = mix(pen.ink(character.hair), (30, 22, 34), 0.6)

    with pen.clip(opening) as inside:
        white = mix(WHITE, character.skin, 0.08)
        inside.gradient(mix(white, (150, 150, 190), 0.45), white, y - ey, y - 0.2 * ey)
        rx = lid.iris * lid.wide * size * (0.5 + 0.5 * narrow)
        ry = max(ey * 0.98, rx * 0.9)
        _iris(
            inside,
            x + gaze[0] * ex,
            y + 0.06 * ey + gaze[1] * ey,
            min(rx, ex * 0.9),
            ry,
            colour,
            character.pupil,
        )
        # The lid's own shadow on white and iris.
        shadow = np.vstack([upper, upper[::-1] + vec(0, 0.16 * ey)])
        inside.fill(shadow, mix(shade(colour, 2.2), (60, 40, 70), 0.5))
    _lashes(pen, upper, lower, lid, ey, side, ink, character.build == "boy")
    crease = upper[4:-6] + vec(0, -0.24 * ey - 0.03)
    pen.taper(crease, shadowed(character.skin, 3.5), 0.8)


def _iris(pen: Pen, x: float, y: float, rx: float, ry: float, colour: Colour, pupil: str) -> None:
    dark, bright = shade(turn(colour, value=0.62), 1.3), turn(mix(colour, WHITE, 0.25), hue=14, value=1.25)
    pen.fill(ellipse(x, y, rx, ry), shade(dark, 1.2))
    with pen.clip(ellipse(x, y, rx * 0.9, ry * 0.93)) as disc:
        disc.gradient(dark, turn(colour, value=1.08), y - ry, y + ry * 0.5)
        # Light that came in from above gathers at the bottom.
        disc.fill(ellipse(x, y + ry * 0.62, rx * 0.72, ry * 0.42), mix(colour, bright, 0.55))
        disc.fill(ellipse(x, y + ry * 0.76, rx * 0.46, ry * 0.24), bright)
        deep = mix(dark, (20, 12, 28), 0.6)
        match pupil:
            case "slit":
                disc.fill(ellipse(x, y - ry * 0.05, rx * 0.2, ry * 0.6), deep)
            case "ring":
                disc.fill(ellipse(x, y - ry * 0.05, rx * 0.5, ry * 0.46), deep)
                disc.fill(ellipse(x, y - ry * 0.05, rx * 0.3, ry * 0.28), colour)
            case "star":
                a = np.arange(10) * np.pi / 5 - np.pi / 2
                r = np.where(np.arange(10) % 2, 0.28, 0.62)
                disc.fill(np.stack([x + rx * r * np.cos(a), y + ry * r * np.sin(a)], axis=1), light(colour, 0.7))
            case "round":
                disc.fill(ellipse(x, y - ry * 0.05, rx * 0.42, ry * 0.44), deep)
        shade_above = [
            ellipse(x, y - ry * 0.5, rx, ry * 0.6, 180, 360),
            ellipse(x, y - ry * 0.5, rx, ry * 0.12, 0, 180),
        ]
        disc.fill(np.vstack(shade_above), deep)
    # Highlights lie on the side of the light whatever way the figure is mirrored.
    s = -1 if pen.style.lit_from_left else 1
    pen.fill(ellipse(x + s * rx * 0.38, y - ry * 0.4, rx * 0.3, ry * 0.24), WHITE)
    pen.fill(ellipse(x - s * rx * 0.42, y + ry * 0.42, rx * 0.15, ry * 0.11), WHITE)


def _lashes(
    pen: Pen, upper: np.ndarray, lower: np.ndarray, lid: Lid, ey: float, side: int, ink: Colour, boy: bool
) -> None:
    s = np.linspace(0, 1, len(upper))
    thick = (0.035 + 0.06 * np.sin(np.pi * np.clip(s * 0.8 + 0.12, 0, 1))) * lid.lash * (0.75 if boy else 1.0)
    top = upper - np.stack([np.zeros(len(s)), thick], axis=1)
    flick = upper[-1] + (side * 0.1 * lid.lash, -0.05)
    pen.fill(np.vstack([upper + vec(0, 0.012), [flick], top[::-1]]), ink)
    if not boy:
        for share, reach in ((0.86, 0.1), (0.95, 0.08)):
            root = top[int(share * (len(top) - 1))]
            pen.taper(
                bend(root + vec(0, 0.02), root + vec(side * 0.04, -0.02), root + vec(side * reach, -0.07)),
                ink,
                1.6,
                ends=(1, 0),
            )
    under = lower[2 : int(len(lower) * 0.62)]
    pen.taper(under, mix(ink, (200, 120, 120), 0.3), 1.0 if boy else 1.3)


def draw_shut_eye(pen: Pen, character: Character, head: Head, side: int, *, happy: bool) -> None:
    """A closed eye: an arc upwards when happy, downwards when asleep or shy."""
    lid = _SHAPES[character.eye_shape]
    x, y, narrow = head.eye(side, character.eye_gap)
    ex = lid.wide * character.eye_size * narrow
    ink = mix(pen.ink(character.hair), (30, 22, 34), 0.6)
    bow = -0.3 if happy else 0.26
    y += 0.12
    curve = bend((x - ex, y), (x, y + bow), (x + ex, y - (0 if happy else 0.04)))
    pen.taper(curve, ink, 3.4 if character.build == "girl" else 2.6, ends=(0.4, 0.4))
    if not happy and character.build == "girl":
        for k in (0.35, 0.65, 0.9):
            root = np.array([x + side * ex * k, y + bow * 0.5 * (1 - k * k)])
            pen.taper(bend(root, root + vec(side * 0.03, 0.04), root + vec(side * 0.08, 0.07)), ink, 1.4, ends=(1, 0))
