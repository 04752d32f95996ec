"""From a picture that Pillow has opened to pixels: which frame, turned which way, in 8-bit RGB."""

from __future__ import annotations

import contextlib
import struct

import numpy as np
from PIL import Image

from core.imaging.depth import deep_grey, spread, wide_bytes
from core.imaging.profiles import in_srgb

FRAMES = 30
"""So many frames of an animation are looked at for one that shows something."""

ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture of each EXIF orientation upright."""

_NEEDED = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"}
"""PNG chunks that pixels depend on."""


def first_that_shows(image: Image.Image, max_pixels: int) -> np.ndarray:
    """uint8 RGB of the first frame that is not of one colour; of the first frame where all are, or there is one.

    An animation often begins with an empty frame that fades in. Errors of the first frame are Pillow's.
    """
    first = upright(image)
    try:
        if not getattr(image, "is_animated", False) or not is_blank(first):
            return first
        number = getattr(image, "n_frames", 1)
    except Exception:
        return first
    for index in range(1, min(number, FRAMES)):
        try:
            image.seek(index)
            if image.size[0] * image.size[1] > max_pixels:
                break
            frame = upright(image)
        except Exception:
            break  # a later frame that is damaged does not spoil the first
        if not is_blank(frame):
            return frame
    return first


def is_blank(rgb: np.ndarray) -> bool:
    """Whether hardly any pixel (1 in 1,000) differs visibly from the others."""
    step = max(int((rgb.shape[0] * rgb.shape[1] / 100_000) ** 0.5), 1)
    seen = rgb[::step, ::step].reshape(-1, 3).astype(np.int16)
    middle = np.median(seen, axis=0)
    return bool((np.abs(seen - middle).max(axis=1) > 12).mean() <= 0.001)


def upright(image: Image.Image) -> np.ndarray:
    """The current frame as uint8 RGB (height, width, 3), turned as EXIF says where EXIF can be read."""
    wide, colours = wide_bytes(image), _palette_colours(image)
    image.load()
    if colours is not None and sum(image.histogram()[colours:]) > image.width * image.height / 2:
        raise ValueError(f"its palette has {colours or 'no'} colours, fewer than its pixels ask for")
    orientation = 1
    with contextlib.suppress(Exception):  # whatever a broken EXIF block does, the pixels are there
        orientation = image.getexif().get(ORIENTATION, 1)
    rgb = to_rgb(spread(image, wide) if wide else image)
    if orientation in TURNS:
        rgb = np.asarray(Image.fromarray(rgb).transpose(TURNS[orientation]))
    return rgb


def _palette_colours(image: Image.Image) -> int | None:
    """How many colours the palette of a PNG has that is opened but not decoded yet; None for what has no palette.

    Pillow shows those that are missing as black.
    """
    if image.format != "PNG" or image.mode != "P":
        return None
    return len(image.palette.palette) // 3 if image.palette else 0


def to_rgb(image: Image.Image) -> np.ndarray:
    """Any mode as uint8 RGB in sRGB; transparency is laid on white."""
    if image.mode.startswith("I") or image.mode == "F":
        return np.repeat(deep_grey(image)[:, :, None], 3, axis=2)
    profile = image.info.get("icc_profile")
    if image.mode in ("CMYK", "L") and (converted := in_srgb(image, profile)) is not None:
        return np.asarray(converted)
    if image.mode in ("RGBA", "LA", "PA", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    image = image.convert("RGB")
    return np.asarray(in_srgb(image, profile) or image)


def without_metadata(data: bytes) -> bytes | None:
    """A PNG with only those chunks that its pixels depend on; None for other formats and broken structures.

    Text, profiles and EXIF blocks that are too large or damaged make decoders refuse the whole file.
    """
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    parts, at = [data[:8]], 8
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        end = at + 12 + length
        if end > len(data):
            parts.append(data[at:])
            break
        if data[at + 4 : at + 8] in _NEEDED:
            parts.append(data[at:end])
        at = end
    return b"".join(parts)
