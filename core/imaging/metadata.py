"""XMP in and out of JPEG, PNG and WebP files without touching a pixel: the bytes around them alone are rewritten."""

from __future__ import annotations

import io
import struct
import warnings
import zlib

from PIL import Image

from core.errors import PictureError
from core.imaging.reading import DECODE_ERRORS, opened
from core.imaging.regions import Region, read_regions

JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
PNG_XMP = b"XML:com.adobe.xmp\0"
PNG_START = b"\x89PNG\r\n\x1a\n"
LARGEST = 65_500
"""Bytes of a packet that one JPEG segment can hold."""
ORIENTATION = 0x0112
WEBP_XMP, WEBP_ALPHA = 0x04, 0x10
"""Flags of WebP's VP8X chunk."""


def picture_regions(data: bytes) -> list[Region]:
    """The face regions that a picture's own XMP holds, as shares of the picture as it is shown; [] for none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks about broken metadata
            with Image.open(io.BytesIO(data)) as image:
                xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
                if not xmp:
                    return []
                turn = orientation_of(image)
                width, height = image.size
    except (Image.DecompressionBombError, *DECODE_ERRORS):
        return []
    if turn in (5, 6, 7, 8):
        width, height = height, width
    return read_regions(xmp.encode() if isinstance(xmp, str) else xmp, width, height, turn)


def shown_size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture as it is shown, turned as EXIF says. Raises PictureError."""
    with opened(data, "the picture") as image:
        width, height = image.size
        return (height, width) if orientation_of(image) in (5, 6, 7, 8) else (width, height)


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation of an opened picture, 1 where it has none."""
    try:
        turn = image.getexif().get(ORIENTATION, 1)
    except DECODE_ERRORS:
        return 1
    return int(turn) if turn in range(1, 9) else 1


def with_xmp(data: bytes, xmp: bytes) -> bytes | None:
    """The same file with this XMP packet instead of its own; None for a format other than JPEG, PNG and WebP.

    Raises PictureError where the file is damaged or the packet too large.
    """
    if len(xmp) > LARGEST:
        raise PictureError(f"The metadata have {len(xmp):,} bytes; at most {LARGEST:,} fit into a picture.")
    try:
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data, xmp)
        if data.startswith(PNG_START):
            return _png(data, xmp)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data, xmp)
    except (struct.error, IndexError) as error:
        raise PictureError("The picture is damaged, so that no metadata can be written into its copy.") from error
    return None


def _jpeg(data: bytes, xmp: bytes) -> bytes:
    """Segments up to the first that is neither JFIF nor EXIF, then the packet, then the rest without an older one."""
    segments, at = [], 2
    while data[at] == 0xFF and 0xE0 <= data[at + 1] <= 0xEF:
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        segment = data[at : at + 2 + length]
        if not segment[4:].startswith(JPEG_XMP):
            segments.append(segment)
        at += 2 + length
    front = [s for s in segments if s[1] == 0xE0 or s[4:10] == b"Exif\0\0"]
    body = JPEG_XMP + xmp
    packet = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return b"".join([data[:2], *front, packet, *[s for s in segments if s not in front], data[at:]])


def _png(data: bytes, xmp: bytes) -> bytes:
    chunks, at = [PNG_START], 8
    body = PNG_XMP + b"\0\0\0\0" + xmp
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        chunk = data[at : at + 12 + length]
        kind, at = chunk[4:8], at + 12 + length
        if not (kind == b"iTXt" and chunk[8:].startswith(PNG_XMP)):
            chunks.append(chunk)
        if kind == b"IHDR":
            chunks.append(struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body)))
    return b"".join(chunks)


def _webp(data: bytes, xmp: bytes) -> bytes:
    """The extended format, whose header is made where the file has the simple one."""
    chunks, at = [], 12
    while at + 8 <= len(data):
        kind, length = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        chunks.append((kind, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    kept = [(kind, body) for kind, body in chunks if kind != b"XMP "]
    if kept[0][0] == b"VP8X":
        head = bytearray(kept.pop(0)[1])
    else:
        with Image.open(io.BytesIO(data)) as image:
            width, height, alpha = *image.size, image.mode == "RGBA"
        head = bytearray([WEBP_ALPHA if alpha else 0, 0, 0, 0])
        head += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    head[0] |= WEBP_XMP
    body = b"".join(
        kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        for kind, content in [(b"VP8X", bytes(head)), *kept, (b"XMP ", xmp)]
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
