"""Pictures of more than 8 bits a colour. Many hold 8, 10 or 12 bits in 16 and look black where that is missed."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from PIL import Image

WHITES = (255, 1023, 4095, 65_535)
"""What white may be: the most that 8, 10, 12 and 16 bits hold. Cameras and scanners write fewer than 16 into 16. A
picture of 16 bits that stays below a sixteenth of white would be night to everybody; it is taken for one of 12."""

_MEANING, _WHITE_IS_ZERO = 262, 0
_SAMPLES, _UNSIGNED = 339, 1
"""Tags of TIFF (PhotometricInterpretation, SampleFormat) and a value of each."""


def white_of(highest: float) -> int:
    """The value that means white where the largest one is `highest` (0 to 65,535).

    >>> [white_of(one) for one in (200, 300, 4095, 5000)]
    [255, 1023, 4095, 65535]
    """
    return next((white for white in WHITES if highest <= white), WHITES[-1])


def deep_grey(image: Image.Image) -> np.ndarray:
    """A decoded picture of one channel of more than 8 bits (modes I, I;16, F) as uint8 (height, width).

    Floats up to 1 are shares of white, more than 255 are 10, 12 or 16 bits, more than that the largest is white; what
    is no number is black.
    """
    values = np.asarray(image)
    tags = getattr(image, "tag_v2", {})  # a TIFF's; Pillow passes over both of these
    if image.mode == "I" and tags and tags.get(_SAMPLES, (_UNSIGNED,))[0] == _UNSIGNED:
        values = values.view(np.uint32)
    whole = image.mode != "F"
    values = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    highest = float(values.max(initial=0.0))
    if highest > WHITES[-1]:
        values = values * (255.0 / highest)
    elif highest > 1 or whole:
        values = values * (255.0 / white_of(highest))
    else:
        values = values * 255.0
    grey: np.ndarray = np.clip(values.round(), 0, 255).astype(np.uint8)
    return 255 - grey if tags.get(_MEANING) == _WHITE_IS_ZERO else grey


def wide_bytes(image: Image.Image) -> bytes:
    """The file of a picture that Pillow has opened but not decoded yet, where its colours have 16 bits; else b"".

    Pillow keeps the upper 8 of them. Those with one channel it reads whole, and they are not meant here.
    """
    tile = getattr(image, "tile", None) or [("", None, 0, "")]
    told = tile[0][3]
    raw = told if isinstance(told, str) else str(told[0]) if told else ""
    if ";16" not in raw or image.mode.startswith("I"):
        return b""
    file: Any = getattr(image, "fp", None)
    return bytes(file.getvalue()) if hasattr(file, "getvalue") else b""


def spread(image: Image.Image, data: bytes) -> Image.Image:
    """A decoded picture (RGB, RGBA or LA) whose file is `data`: as it is, or with the bits that it uses spread to 8.

    Only where the 8 bits that Pillow kept are all below 16, so that bright pictures cost nothing.
    """
    colours = 1 if image.mode == "LA" else 3
    if max(int(high) for _, high in _extremes(image)[:colours]) > WHITES[2] >> 8:
        return image
    whole = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if whole is None or whole.dtype != np.uint16 or whole.shape[:2] != (image.height, image.width):
        return image
    if whole.ndim == 2:
        whole = np.repeat(whole[:, :, None], 3, axis=2)
    bands = [_eight(whole[:, :, 2::-1])]
    if whole.shape[2] == 4:
        bands.append(_eight(whole[:, :, 3:]))
    made = Image.fromarray(np.concatenate(bands, axis=2))
    made.info.update(image.info)
    return made


def _eight(values: np.ndarray) -> np.ndarray:
    """uint16 as uint8, white as large as what is there says."""
    return np.round(values * (255.0 / white_of(int(values.max(initial=0))))).astype(np.uint8)


def _extremes(image: Image.Image) -> list[tuple[float, float]]:
    """The smallest and largest value of each channel."""
    found = image.getextrema()
    return [one if isinstance(one, tuple) else (0.0, 255.0) for one in found]
