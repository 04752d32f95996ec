"""Colours as a picture's own profile (ICC) means them, brought to sRGB, which encoders and screens take for granted."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

LARGEST = 4_000_000
"""Bytes; profiles of printers have up to 3 MB, a larger one is passed over."""
SAME = 3
"""Levels of 255: a profile that moves no colour further than this is sRGB by another hand, and costs nothing."""
MODES = {"RGB ": "RGB", "CMYK": "CMYK", "GRAY": "L"}
"""The Pillow mode of each kind of profile."""


def in_srgb(image: Image.Image, profile: object) -> Image.Image | None:
    """An RGB, CMYK or L picture as RGB in sRGB; None where its profile changes nothing.

    That is where there is no profile, a broken one, one for another kind of picture, or one that means sRGB. Relative
    colorimetric with black point compensation, as browsers do it: white stays white.
    """
    if not isinstance(profile, bytes) or not 0 < len(profile) <= LARGEST:
        return None
    transform = _transform(profile, image.mode)
    if transform is None:
        return None
    try:
        return ImageCms.applyTransform(image, transform)
    except (ImageCms.PyCMSError, ValueError, MemoryError):
        return None


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if MODES.get(source.profile.xcolor_space) != mode:
            return None
        made = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        return made if mode == "CMYK" or _moves_colours(made, mode) else None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None  # a broken profile never decides over pixels


def _moves_colours(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether any of 5 x 5 x 5 colours changes visibly."""
    levels = np.linspace(0, 255, 5).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    before = Image.fromarray(grid) if mode == "RGB" else Image.fromarray(grid[:, :, 0])
    after = ImageCms.applyTransform(before, transform)
    if after is None:
        return False
    moved = np.asarray(after).astype(int) - np.asarray(before.convert("RGB"))
    return bool(np.abs(moved).max() > SAME)
