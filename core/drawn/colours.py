"""Colours as RGB triples from 0 to 255, and the few ways in which they are mixed."""

from __future__ import annotations

import colorsys

Colour = tuple[float, float, float]

WHITE: Colour = (255.0, 255.0, 255.0)
INK: Colour = (34.0, 26.0, 38.0)


def hsv(hue: float, saturation: float, value: float) -> Colour:
    """A colour from hue in degrees, saturation and value from 0 to 1."""
    r, g, b = colorsys.hsv_to_rgb((hue % 360) / 360, min(max(saturation, 0), 1), min(max(value, 0), 1))
    return (r * 255, g * 255, b * 255)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """From a (share 0) to b (share 1)."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def turn(colour: Colour, *, hue: float = 0, saturation: float = 1, value: float = 1) -> Colour:
    """The colour with its hue moved by degrees, its saturation and value multiplied."""
    h, s, v = colorsys.rgb_to_hsv(*(c / 255 for c in colour))
    return hsv(h * 360 + hue, s * saturation, v * value)


def shade(colour: Colour, depth: float = 1.0) -> Colour:
    """The cel shadow of a colour: darker, richer, and a little towards violet, as painters do it."""
    darker = turn(colour, saturation=1 + 0.18 * depth, value=1 - 0.2 * depth)
    return mix(darker, (88, 60, 130), 0.13 * depth)


def light(colour: Colour, share: float = 0.4) -> Colour:
    """The lit side of a colour: towards a warm white."""
    return mix(colour, (255, 250, 242), share)


def luma(colour: Colour) -> float:
    """Perceived lightness, 0 to 255 (Rec. 601)."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]
