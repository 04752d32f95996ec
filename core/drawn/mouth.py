"""Mouths, one for each expression."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.drawn.colours import Colour, mix
from core.drawn.curves import bend, ellipse, spline, vec
from core.drawn.face import shadowed
from core.drawn.pose import Head, between
from core.drawn.style import Pen
from core.drawn.traits import Character

_INSIDE = (150, 52, 62)
_TONGUE = (232, 122, 124)

Y = 0.8

Place = Callable[..., list[tuple[float, float]]]
"""Points relative to the mouth's middle, in widths of the mouth -> points on the head."""


def draw_mouth(pen: Pen, character: Character, head: Head, kind: str) -> None:
    """A mouth: line, smile, frown, open, wide, small o, cat, grin or wave."""
    width = between(head.turn, 1.0, 0.8, 0.45) * (1.1 if character.build == "boy" else 1.0)
    x, y = head.middle, Y * (0.3 + 0.7 * character.chin) + 0.04 * head.nod
    ink = mix(pen.ink(character.skin), shadowed(character.skin, 4.5), 0.3)

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + px * width, y + py) for px, py in points]

    match kind:
        case "open" | "wide":
            _open_mouth(pen, character, at, kind == "wide", ink)
        case "o":
            pen.fill(ellipse(x, y + 0.02, 0.075 * width, 0.085), _INSIDE)
            pen.line(ellipse(x, y + 0.02, 0.075 * width, 0.085), ink, 0.8)
        case "cat":
            for s in (-1, 1):
                pen.taper(bend(*at((0, -0.01), (s * 0.1, 0.11), (s * 0.19, -0.03))), ink, 1.2, ends=(0.6, 0.2))
        case "grin":
            outline = np.vstack(
                [
                    bend(*at((-0.22, -0.05), (0, 0.04), (0.24, -0.08))),
                    bend(*at((0.24, -0.08), (0.05, 0.22), (-0.22, -0.05))),
                ]
            )
            pen.fill(outline, (255, 255, 255))
            pen.line(outline, ink, 0.8, closed=True)
        case _:
            curve = {
                "line": (0.0, 0.0),
                "smile": (-0.03, 0.08),
                "frown": (0.04, -0.08),
                "wave": (0.02, -0.05),
                "smirk": (-0.01, 0.05),
            }
            corner, middle = curve.get(kind, curve["line"])
            half = {"line": 0.1, "wave": 0.09}.get(kind, 0.15)
            lift = -0.08 if kind == "smirk" else 0.0
            pen.taper(bend(*at((-half, corner), (0, middle), (half, corner + lift))), ink, 1.3, ends=(0.4, 0.4))
            if kind == "line" and character.build == "boy":
                pen.line(np.array(at((-0.04, 0.15), (0.04, 0.15))), shadowed(character.skin, 1.6), 0.8)


def _open_mouth(pen: Pen, character: Character, at: Place, wide: bool, ink: Colour) -> None:
    (x, y), (right, _) = at((0, 0), (1, 0))
    width = right - x
    half, depth = (0.2, 0.2) if not wide else (0.28, 0.3)
    top = bend(*at((-half, -0.04), (0, 0.02), (half, -0.04)))
    bowl = (
        (half, -0.04),
        (half * 0.78, depth * 0.6),
        (0.02, depth),
        (-half * 0.78, depth * 0.6),
        (-half, -0.04),
    )
    bottom = spline(at(*bowl), steps=5)
    outline = np.vstack([top, bottom])
    with pen.clip(outline) as inside:
        inside.gradient(_INSIDE, _INSIDE, 0, 1)
        inside.fill(ellipse(x, y + depth * 0.95, half * 0.7 * width, depth * 0.5), _TONGUE)
        if wide:
            teeth = np.vstack([top, top[::-1] + vec(0, 0.055)])
            inside.fill(teeth, (255, 255, 255))
        if "fang" in character.accessories:
            inside.fill(np.array(at((half * 0.4, -0.03), (half * 0.8, -0.03), (half * 0.55, 0.08))), (255, 255, 255))
    pen.line(outline, ink, 0.8, closed=True)
