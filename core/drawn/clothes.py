"""What tells one outfit from another: collars, bows, ties, buttons; in body coordinates."""

from __future__ import annotations

import numpy as np

from core.drawn.colours import WHITE, Colour, mix, shade
from core.drawn.curves import bend, ellipse, spline
from core.drawn.style import Pen
from core.drawn.traits import Character


def draw_details(pen: Pen, character: Character, outfit: str, cloth: Colour, trim: Colour) -> None:
    """Collar, bow, buttons and ornaments of an outfit, on a torso drawn already; nothing for an unknown outfit."""
    if outfit in _DETAILS:
        _DETAILS[outfit](pen, cloth, trim, character)


def _bow(pen: Pen, y: float, colour: Colour, size: float = 1.0) -> None:
    for s in (-1, 1):
        tail = np.array([(0, y), (s * 0.28, y + 0.75), (s * 0.1, y + 0.7)]) * (size, 1)
        pen.shape(tail, shade(colour, 0.5))
        pen.shape(
            spline([(0, y), (s * 0.5 * size, y - 0.22), (s * 0.55 * size, y + 0.2)], closed=True, steps=5), colour
        )
    pen.shape(ellipse(0, y, 0.1 * size, 0.12), colour)


def _sailor(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    skin = np.array([(-0.46, 1.7), (0, 2.75), (0.46, 1.7)])
    pen.fill(skin, character.skin)
    for s in (-1, 1):
        collar = np.array([(s * 0.44, 1.62), (s * 1.22, 1.98), (s * 1.05, 2.6), (0, 3.05), (0, 2.7)])
        pen.shape(collar, trim)
        pen.line(np.array([(s * 1.1, 2.05), (s * 0.95, 2.5), (0, 2.93)]), WHITE if sum(trim) < 500 else cloth, 1.6)
    _bow(pen, 2.98, character.accent)


def _blazer(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    pen.shape(
        np.array([(-0.42, 1.6), (-0.62, 2.0), (0, 4.2), (0.62, 2.0), (0.42, 1.6), (0, 2.15)]), (248, 248, 252), 0.8
    )
    if character.build == "boy" or character.seed % 2:
        pen.shape(np.array([(-0.14, 2.15), (0.14, 2.15), (0.2, 3.3), (0, 4.1), (-0.2, 3.3)]), character.accent)
        pen.shape(np.array([(-0.14, 2.08), (0.14, 2.08), (0.1, 2.34), (-0.1, 2.34)]), shade(character.accent, 0.6))
    else:
        _bow(pen, 2.3, character.accent, 0.8)
    for s in (-1, 1):
        pen.shape(
            np.array([(s * 0.46, 1.62), (s * 0.86, 1.95), (s * 0.98, 2.7), (0, 4.3), (s * 0.12, 3.6), (s * 0.5, 2.2)]),
            mix(cloth, trim, 0.12),
        )
        pen.shape(np.array([(s * 0.4, 1.55), (s * 0.56, 1.7), (s * 0.46, 2.2), (0, 2.1)]), WHITE, 0.8)


def _gakuran(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    pen.shape(
        np.array([(-0.52, 1.45), (0, 1.75), (0.52, 1.45), (0.6, 1.95), (0, 2.2), (-0.6, 1.95)]), shade(cloth, 0.5)
    )
    pen.line(np.array([(0.05, 2.2), (0.05, 5.7)]), pen.ink(cloth), 1.2)
    for k in range(4):
        pen.shape(ellipse(-0.1, 2.6 + 0.7 * k, 0.09, 0.09, steps=12), (232, 196, 90), 0.7)


def _shirt(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    pen.fill(np.array([(-0.42, 1.65), (0, 2.5), (0.42, 1.65)]), character.skin)
    for s in (-1, 1):
        pen.shape(np.array([(s * 0.42, 1.5), (s * 0.78, 1.88), (s * 0.5, 2.5), (0, 2.35)]), mix(cloth, WHITE, 0.35))
    pen.line(np.array([(0, 2.4), (0, 5.7)]), pen.ink(cloth), 0.9)
    for k in range(4):
        pen.fill(ellipse(0.08, 2.8 + 0.7 * k, 0.05, 0.05, steps=10), trim)


def _hoodie(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    for s in (-1, 1):
        hood = spline([(s * 0.3, 1.6), (s * 0.95, 1.5), (s * 1.15, 1.95), (s * 0.6, 2.4), (0, 2.6)], steps=5)
        pen.shape(hood, shade(cloth, 0.35))
        pen.line(np.array([(s * 0.28, 2.45), (s * 0.3, 3.4)]), trim, 2.2)
        pen.fill(ellipse(s * 0.3, 3.45, 0.06, 0.1, steps=10), trim)
    pen.shape(np.array([(-0.3, 1.75), (0, 2.35), (0.3, 1.75)]), trim, 0.8)


def _sweater(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    w = 0.5 if character.build == "boy" else 0.43
    roll = np.vstack(
        [
            bend((-w, 1.42), (0, 1.62), (w, 1.42)),
            spline([(w, 1.42), (w + 0.14, 1.75), (w + 0.05, 1.98)]),
            bend((w + 0.05, 1.98), (0, 2.25), (-w - 0.05, 1.98)),
            [(-w - 0.14, 1.75)],
        ]
    )
    pen.shape(roll, mix(cloth, WHITE, 0.12))
    for k in np.linspace(-0.8, 0.8, 7):
        pen.line(np.array([(k * w, 1.58), (k * w * 1.15, 2.0)]), shade(cloth), 0.8)
    if character.seed % 2:
        for y in (3.0, 3.35):
            pen.line(bend((-0.98, y), (0, y + 0.2), (0.98, y)), trim, 5)


def _kimono(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    pen.fill(np.array([(-0.42, 1.65), (0.05, 2.7), (0.42, 1.65)]), character.skin)
    for s, colour in ((1, trim), (-1, trim)):
        pen.shape(
            np.array([(s * 0.4, 1.55), (s * 0.72, 1.75), (-s * 0.25, 4.2), (-s * 0.5, 4.0), (s * 0.05, 2.75)]), colour
        )
    pen.shape(np.array([(-0.98, 4.2), (0.98, 4.2), (1.04, 5.4), (-1.04, 5.4)]), character.accent)
    rng = np.random.default_rng(character.seed)
    for _ in range(7):
        x, y, r = rng.uniform(0.45, 0.95) * rng.choice([-1, 1]), rng.uniform(2.5, 4.1), rng.uniform(0.1, 0.2)
        for a in range(5):
            pen.fill(
                ellipse(x + r * np.cos(a * 1.257), y + r * np.sin(a * 1.257), r * 0.6, r * 0.6, steps=10),
                mix(trim, WHITE, 0.4),
            )


def _dress(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    for s in (-1, 1):
        pen.shape(np.array([(s * 0.75, 1.9), (s * 0.92, 1.93), (s * 0.85, 2.5), (s * 0.68, 2.5)]), trim, 0.8)
    pen.line(bend((-0.9, 2.46), (0, 2.7), (0.9, 2.46)), trim, 4)
    if character.seed % 2:
        _bow(pen, 2.75, trim, 0.7)


def _off_shoulder(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    xs = np.linspace(-1.3, 1.3, 10)
    for x in xs:
        pen.shape(ellipse(x, 2.75 + 0.1 * np.cos(x * 1.5), 0.22, 0.24, steps=14), mix(trim, WHITE, 0.5), 0.8)


def _military(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    _gakuran(pen, cloth, trim, character)
    gold = (226, 190, 92)
    for s in (-1, 1):
        pen.shape(
            spline([(s * 1.0, 1.9), (s * 1.6, 2.05), (s * 1.72, 2.4), (s * 1.1, 2.2)], closed=True, steps=5), gold
        )
        for k in range(3):
            pen.fill(ellipse(s * 0.55, 2.7 + 0.7 * k, 0.08, 0.08, steps=10), gold)
        pen.line(np.array([(s * 0.3, 2.1), (s * 0.42, 3.2), (s * 0.36, 5.5)]), trim, 3)


def _cape(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    pen.shape(np.array([(-0.5, 1.6), (-0.9, 2.1), (0, 2.5), (0.9, 2.1), (0.5, 1.6), (0, 2.0)]), trim)
    for s in (-1, 1):
        pen.line(spline([(s * 0.15, 2.45), (s * 0.4, 3.6), (s * 0.75, 7)]), pen.ink(cloth), 1.2)
    pen.shape(ellipse(0, 2.4, 0.17, 0.2), character.accent)


def _maid(pen: Pen, cloth: Colour, trim: Colour, character: Character) -> None:
    apron = np.array([(-0.75, 2.4), (0, 2.75), (0.75, 2.4), (1.0, 10.1), (-1.0, 10.1)])
    pen.shape(apron, (250, 250, 252))
    for s in (-1, 1):
        for k in range(5):
            pen.shape(ellipse(s * (0.8 + 0.11 * k), 2.05 + 0.28 * k, 0.2, 0.2, steps=12), (250, 250, 252), 0.8)
        pen.shape(np.array([(s * 0.4, 1.5), (s * 0.7, 1.8), (s * 0.4, 2.2), (0, 2.0)]), WHITE, 0.8)
    _bow(pen, 2.2, character.accent, 0.7)


_DETAILS = {
    "sailor": _sailor,
    "blazer": _blazer,
    "dress": _dress,
    "hoodie": _hoodie,
    "sweater": _sweater,
    "kimono": _kimono,
    "shirt": _shirt,
    "off shoulder": _off_shoulder,
    "military": _military,
    "cape": _cape,
    "maid": _maid,
    "gakuran": _gakuran,
}
