"""Safe picture reading, in one place: content decides, not the extension, and limits hold before pixels are decoded."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import PictureError
from core.settings import Settings

EXTENSIONS = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "BMP": ".bmp",
    "TIFF": ".tif",
    "AVIF": ".avif",
}
"""The formats that are read, by what the bytes say, and the extension each is saved under."""

JPEG_QUALITY = 95

DECODE_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    RuntimeError,
    LookupError,
    TypeError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise for damaged bytes (found by feeding them such)."""


def read_bytes(path: Path, *, limit: int | None = None) -> bytes:
    """The bytes of a file no larger than the limit. Raises PictureError, in words."""
    limit = limit or Settings().max_picture_bytes
    try:
        size = path.stat().st_size
        if size > limit:
            raise PictureError(f"{path.name} has {size:,} bytes; at most {limit:,} are read. Make it smaller.")
        return path.read_bytes()
    except OSError as error:
        raise PictureError(f"{path.name} cannot be read: {error.strerror or error}.") from error


def picture_format(data: bytes, name: str = "the file") -> str:
    """JPEG, PNG, ... as the bytes say. Raises PictureError where they are no picture."""
    with _opened(data, name) as image:
        return image.format or ""


def extension(data: bytes, name: str = "the file") -> str:
    """The extension that fits the bytes: .jpg, .png, ..."""
    return EXTENSIONS[picture_format(data, name)]


def read_picture(source: Path | str | bytes, *, name: str | None = None, max_pixels: int | None = None) -> np.ndarray:
    """A picture as uint8 RGB of shape (height, width, 3).

    Rotated as EXIF says; transparency laid on white; the first frame of an animation; 16-bit, palette, CMYK
    and grey brought to 8-bit RGB. Raises PictureError where the bytes are no picture, are cut short, or hold more
    pixels than `max_pixels` (default: the setting), which is checked before anything is decoded.
    """
    if isinstance(source, bytes):
        data, name = source, name or "the picture"
    else:
        data, name = read_bytes(Path(source)), name or Path(source).name
    limit = max_pixels or Settings().max_picture_pixels
    with _opened(data, name) as image:
        width, height = image.size
        if width * height > limit:
            raise PictureError(f"{name} has {width} x {height} pixels; at most {limit:,} are read. Make it smaller.")
        try:
            image.seek(0)
            image = ImageOps.exif_transpose(image)
            return np.ascontiguousarray(_rgb(image))
        except DECODE_ERRORS as error:
            raise PictureError(f"{name} is cut short or damaged: {error}. Fetch it again.") from error


def encode_jpeg(rgb: np.ndarray, quality: int = JPEG_QUALITY) -> bytes:
    """A uint8 HxWx3 picture as JPEG bytes."""
    done, buffer = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise PictureError(f"A picture of shape {rgb.shape} could not be written as JPEG.")
    return buffer.tobytes()


def thumbnail(rgb: np.ndarray, side: int) -> np.ndarray:
    """The picture with its longer side at most `side` pixels (never enlarged)."""
    height, width = rgb.shape[:2]
    factor = side / max(height, width)
    if factor >= 1:
        return rgb
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    return cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)


def _opened(data: bytes, name: str) -> Image.Image:
    if not data:
        raise PictureError(f"{name} is empty.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit stands in for Pillow's bomb warning
            image = Image.open(io.BytesIO(data), formats=tuple(EXTENSIONS))
    except Image.DecompressionBombError as error:
        raise PictureError(f"{name} holds too many pixels: {error}.") from error
    except (UnidentifiedImageError, *DECODE_ERRORS) as error:
        allowed = ", ".join(EXTENSIONS)
        raise PictureError(f"{name} is not a picture that can be read ({allowed}).") from error
    if image.format == "MPO":
        image.format = "JPEG"
    return image


def _rgb(image: Image.Image) -> np.ndarray:
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float64)
        if values.max() > 255:
            values = values / 257.0
        grey = np.clip(values.round(), 0, 255).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    return np.asarray(image.convert("RGB"))
