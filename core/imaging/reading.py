"""Safe picture reading, in one place: content decides, not the extension, and limits hold before pixels are decoded."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path

import cv2
import numpy as np
from pi_heif import register_heif_opener
from PIL import Image, UnidentifiedImageError

from core.errors import PictureError
from core.imaging import cut_short, formats
from core.imaging.files import read_regular
from core.imaging.frames import first_that_shows, without_metadata
from core.imaging.names import file_name_text
from core.settings import current_settings

EXTENSIONS = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "BMP": ".bmp",
    "TIFF": ".tif",
    "AVIF": ".avif",
    "HEIF": ".heic",
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
    """The bytes of a regular file no larger than the limit. Raises PictureError, in words."""
    return read_regular(path, limit=limit or current_settings().max_picture_bytes, error=PictureError)


def picture_format(data: bytes, name: str = "the file") -> str:
    """JPEG, PNG, ... as the bytes say. Raises PictureError where they are no picture."""
    with opened(data, name) as image:
        return image.format or ""


def opened(data: bytes, name: str = "the file") -> Image.Image:
    """A picture whose header is read, its pixels not yet; without its metadata where these are broken. Raises
    PictureError."""
    try:
        return _opened(data, name)
    except PictureError:
        plain = without_metadata(data)
        if plain is None or len(plain) == len(data):
            raise
        return _opened(plain, name)


def extension(data: bytes, name: str = "the file") -> str:
    """The extension that fits the bytes: .jpg, .png, ..."""
    return EXTENSIONS[picture_format(data, name)]


def read_picture(source: Path | str | bytes, *, name: str | None = None, max_pixels: int | None = None) -> np.ndarray:
    """A picture as uint8 RGB of shape (height, width, 3), in sRGB.

    Rotated as EXIF says; transparency laid on white; of an animation the first frame that shows something; 16-bit,
    0-to-1, palette, CMYK and grey brought to 8-bit RGB; colours of another profile (Display P3, Adobe RGB, CMYK)
    brought to sRGB. Metadata that is broken is passed over. Of a JPEG that is cut short near its end the missing rows
    are grey. Raises PictureError where the bytes are no picture, are cut short, or hold more pixels than `max_pixels`
    (default: the setting), which is checked before anything is decoded.
    """
    return read_with_note(source, name=name, max_pixels=max_pixels)[0]


def read_with_note(
    source: Path | str | bytes, *, name: str | None = None, max_pixels: int | None = None
) -> tuple[np.ndarray, str]:
    """The same, and what is not as it should be ("": nothing)."""
    if isinstance(source, bytes):
        data, name = source, name or "the picture"
    else:
        data, name = read_bytes(Path(source)), name or file_name_text(Path(source).name)
    limit = max_pixels or current_settings().max_picture_pixels
    try:
        return _decoded(data, name, limit), ""
    except PictureError:
        plain, whole = without_metadata(data), cut_short.completed(data)
        if whole is not None:
            return _cut_short(whole, name, limit)
        if plain is None or len(plain) == len(data):
            raise
        return _decoded(plain, name, limit), ""


def _cut_short(whole: bytes, name: str, limit: int) -> tuple[np.ndarray, str]:
    """A JPEG that got its end mark from us, where most of it is there."""
    rgb = _decoded(whole, name, limit)
    share = cut_short.share_of_rows(whole)
    if share < cut_short.ENOUGH:
        raise PictureError(
            f"{name} is cut short or damaged: {share:.0%} of its rows can be read, at least {cut_short.ENOUGH:.0%} "
            "must be there. Fetch it again."
        )
    missing = f"the last {1 - share:.1%} of its rows are grey" if share < 1 else "only its end mark is missing"
    return rgb, f"the file is cut short: {missing}"


def _decoded(data: bytes, name: str, limit: int) -> np.ndarray:
    with _opened(data, name) as image, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks about broken metadata
        width, height = image.size
        if width * height > limit:
            raise PictureError(f"{name} has {width} x {height} pixels; at most {limit:,} are read. Make it smaller.")
        try:
            image.seek(0)
            return np.ascontiguousarray(first_that_shows(image, limit))
        except DECODE_ERRORS as error:
            words = " ".join(str(error).split()).rstrip(".") or "it cannot be decoded"
            raise PictureError(f"{name} is cut short or damaged: {words}. Fetch it again.") from error


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
    what = formats.kind(data[:512])
    if what not in formats.PICTURES:
        raise PictureError(f"{name} is {_words(what)}, not a picture that can be read. {formats.what_to_do(what)}")
    if what == "HEIC":
        register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit stands in for Pillow's bomb warning
            image = Image.open(io.BytesIO(data), formats=tuple(EXTENSIONS))
    except Image.DecompressionBombError as error:
        raise PictureError(
            f"{name} says that it holds more pixels than any picture that is read. Make it smaller, or fetch it again."
        ) from error
    except (UnidentifiedImageError, *DECODE_ERRORS) as error:
        raise PictureError(
            f"{name} begins as {what} but is cut short or damaged, or of a variant that is not read. Fetch it again, "
            "or save it as PNG."
        ) from error
    if image.format == "MPO":
        image.format = "JPEG"
    return image


def _words(what: str) -> str:
    return "of a kind that is not known" if what == "something else" else what
