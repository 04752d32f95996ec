"""What all parts of the hair share: their tones, and how a mass of hair is filled, shaded and outlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.drawn.colours import Colour, light, luma, mix, shade, turn
from core.drawn.style import Pen
from core.drawn.traits import Character


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of one head of hair: base, shadow, deep shadow, gloss, line, and the second colour."""

    base: Colour
    dark: Colour
    deep: Colour
    gloss: Colour
    ink: Colour
    second: Colour


def tones(character: Character, pen: Pen) -> Tones:
    """The tones of a character's hair in the pen's style."""
    base = character.hair
    depth = pen.style.depth
    return Tones(
        base=base,
        dark=shade(base, depth),
        deep=shade(shade(base, depth), depth * 1.1),
        gloss=mix(base, light(turn(base, saturation=0.8, value=1.5), 0.4), 0.75 if luma(base) > 90 else 0.5),
        ink=pen.ink(base),
        second=character.hair_second,
    )


def mass(
    pen: Pen,
    outline: np.ndarray,
    hair: Tones,
    *,
    span: tuple[float, float],
    strands: Sequence[np.ndarray] = (),
    wedges: Sequence[np.ndarray] = (),
    tips: Colour | None = None,
    base: Colour | None = None,
    edge: np.ndarray | None = None,
) -> None:
    """A closed mass of hair: base colour (towards `tips` at the lower end of `span`), wedges, strands, outline.

    `edge`, where given, is the only part of the outline that gets a line.
    """
    base = hair.base if base is None else base
    with pen.clip(outline) as inside:
        y0, y1 = span
        inside.gradient(base, base if tips is None else tips, y0 + (y1 - y0) * 0.45, y1)
        for wedge in wedges:
            inside.fill(wedge, hair.dark if tips is None else mix(hair.dark, shade(tips), 0.3))
        if pen.style.soft:
            inside.soften(pen.style.soft * 0.7)
        for strand in strands:
            inside.taper(strand, mix(hair.deep, hair.ink, 0.3), 0.9)
    if edge is None:
        pen.line(outline, hair.ink, 1.1, closed=True)
    else:
        pen.line(edge, hair.ink, 1.1)
