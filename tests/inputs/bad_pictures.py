"""Pictures in every state in which they are found."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from core.imaging.reading import read_picture
from tests.inputs.case import Case, Says, chunk, encoded, huge, picture, png, write

PNG = png()
JPEG = encoded(picture(1), "JPEG")
WHITE = Image.new("RGB", (48, 48), "white")


def read(data: bytes, name: str = "a.jpg"):
    """The shape that comes out of a file with these bytes."""
    return lambda folder: read_picture(write(folder, {name: data}) / name).shape


def middle(data: bytes):
    """The colour in the middle in quarters: 0 black, 2 grey, 4 white."""
    return lambda folder: tuple(int(v) for v in np.round(read_picture(data)[24, 24] / 64))


def head(data: bytes) -> bytes:
    return data + bytes(200)


def exif(data: bytes) -> bytes:
    """A JPEG of 48 x 30 with these bytes as its EXIF block."""
    body = b"Exif\0\0" + data
    jpeg = encoded(picture(2, 48, 30), "JPEG")
    return jpeg[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + jpeg[2:]


def with_chunk(extra: bytes, at: int = 33) -> bytes:
    return PNG[:at] + extra + PNG[at:]


def in_folder(make, name: str = "a.png"):
    """What reading a path says whose entry in a folder is made by `make`."""

    def act(folder: Path):
        make(folder / name)
        return read_picture(folder / name)

    return act


BIG = chunk(b"zTXt", b"a\0\0" + huge())
GREY16 = np.full((48, 48), 32_896, np.uint16)
SQUARE = (48, 48, 3)

READ = [
    ("PNG named .jpg", PNG, SQUARE),
    ("JPEG without ending", JPEG, SQUARE),
    ("JFIF", JPEG, SQUARE),
    ("WebP named .gif", encoded(picture(3), "WEBP"), SQUARE),
    ("AVIF named .png", encoded(picture(3), "AVIF"), SQUARE),
    ("AVIF of the brand mif1", encoded(picture(3), "AVIF").replace(b"ftypavif", b"ftypmif1", 1), SQUARE),
    ("TIFF named .png", encoded(picture(3), "TIFF"), SQUARE),
    ("BMP", encoded(picture(3), "BMP"), SQUARE),
    ("CMYK", encoded(picture(3).convert("CMYK"), "JPEG"), SQUARE),
    ("palette with transparency", encoded(picture(3).quantize(8), "PNG", transparency=0), SQUARE),
    ("one bit", encoded(picture(3).convert("1")), SQUARE),
    ("grey and alpha", encoded(picture(3).convert("LA")), SQUARE),
    ("one pixel", encoded(Image.new("RGB", (1, 1))), (1, 1, 3)),
    ("a strip", encoded(Image.new("RGB", (1, 3000))), (3000, 1, 3)),
    ("huge text", with_chunk(BIG), SQUARE),
    ("huge text behind", with_chunk(BIG, len(PNG) - 12), SQUARE),
    ("EXIF of a PNG broken", with_chunk(chunk(b"eXIf", b"\x00\x08\x00\x02\x01")), SQUARE),
    ("wrong checksum of a remark", with_chunk(chunk(b"tEXt", b"a\0b")[:-4] + b"\0\0\0\0"), SQUARE),
    ("profile that is none", with_chunk(chunk(b"iCCP", b"x\0\0" + zlib.compress(b"no profile"))), SQUARE),
    ("EXIF empty", exif(b""), (30, 48, 3)),
    ("EXIF garbage", exif(b"\xff" * 40), (30, 48, 3)),
    ("EXIF turned", exif(b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"), (48, 30, 3)),
    (
        "EXIF turn that does not exist",
        exif(b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x63\0\0\0\0\0\0"),
        (30, 48, 3),
    ),
    ("junk behind the end", JPEG + b"junk" * 100, SQUARE),
]
REFUSED = [
    ("nothing", b"", "is empty"),
    ("cut in half", JPEG[: len(JPEG) // 2], "cut short or damaged"),
    ("only a head", PNG[:20], "cut short or damaged"),
    ("header of a bomb", PNG[:16] + b"\x00\x0f\xff\xff\x00\x0f\xff\xff" + PNG[24:], "more pixels than any|damaged"),
    ("no pixels", encoded(Image.new("RGB", (9, 9)))[:16] + bytes(8) + png()[24:], "cut short or damaged"),
    ("a web page", b"<!doctype html><title>404</title>", "is a web page.*Save the picture itself"),
    ("text", b"not found", "is text, not a picture"),
    ("JSON", b'{"error": 1}', "is JSON"),
    ("an SVG", b"<svg xmlns='x'/>", "is an SVG drawing.*Export it as PNG"),
    ("a PDF", b"%PDF-1.7", "is a PDF"),
    ("JPEG XL", head(b"\xff\x0a"), "is JPEG XL.*djxl"),
    ("JPEG XL in a box", head(b"\0\0\0\x0cJXL \r\n\x87\n"), "is JPEG XL"),
    ("JPEG 2000", head(b"\0\0\0\x0cjP  \r\n\x87\n"), "is JPEG 2000.*Save it as PNG"),
    ("Photoshop", head(b"8BPS\0\1"), "is a Photoshop file"),
    ("a video", head(b"\0\0\0\x20ftypisom"), "is a video"),
    ("a zip", head(b"PK\x03\x04"), "is a zip"),
    ("an icon", head(b"\0\0\1\0\1\0"), "is an icon"),
    ("HEIC that is broken", head(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "HEIC but is cut short or damaged"),
    ("AVIF that is broken", head(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf"), "AVIF but is cut short|damaged"),
    ("zeros", bytes(500), "kind that is not known"),
    ("noise", np.random.default_rng(5).bytes(500), "kind that is not known"),
    ("GIF that is broken", head(b"GIF89a"), "damaged"),
    ("TIFF that is broken", head(b"II*\0\x08\0\0\0"), "damaged"),
    ("WebP that is broken", head(b"RIFF\0\0\0\0WEBPVP8 "), "damaged"),
]
PALETTE = encoded(picture(3).quantize(8))
PLTE = PALETTE.index(b"PLTE") - 4
PALETTE_END = PLTE + 12 + int.from_bytes(PALETTE[PLTE : PLTE + 4], "big")
REFUSED += [
    ("a palette that is missing", PALETTE[:PLTE] + PALETTE[PALETTE_END:], "palette has no colours.*Fetch it again"),
    (
        "a palette of one colour",
        PALETTE[:PLTE] + chunk(b"PLTE", b"abc") + PALETTE[PALETTE_END:],
        "palette has 1 colours",
    ),
]
COLOURS = [
    ("16 bits", encoded(Image.fromarray(GREY16)), (2, 2, 2)),
    ("floats up to 1", encoded(Image.fromarray(np.full((48, 48), 0.5, np.float32)), "TIFF"), (2, 2, 2)),
    ("floats up to 255", encoded(Image.fromarray(np.full((48, 48), 128.0, np.float32)), "TIFF"), (2, 2, 2)),
    ("floats that are none", encoded(Image.fromarray(np.full((48, 48), np.nan, np.float32)), "TIFF"), (0, 0, 0)),
    ("32 bits", encoded(Image.fromarray(np.full((48, 48), 2**20, np.int32)), "TIFF"), (4, 4, 4)),
    ("transparent", encoded(Image.new("RGBA", (48, 48), (255, 0, 0, 0))), (4, 4, 4)),
    ("blank first", encoded(WHITE, "GIF", save_all=True, append_images=[Image.linear_gradient("L").resize((48, 48))]),
     (2, 2, 2)),
    ("blank only", encoded(WHITE, "GIF", save_all=True, append_images=[WHITE]), (4, 4, 4)),
]  # fmt: skip
ENTRIES = [
    ("a pipe", lambda path: __import__("os").mkfifo(path), "is a pipe"),
    ("a device", lambda path: path.symlink_to("/dev/zero"), "is a device"),
    ("a folder", lambda path: path.mkdir(), "is a folder|cannot be read"),
    ("a circle of links", lambda path: path.symlink_to(path), "cannot be read"),
    ("a link to nowhere", lambda path: path.symlink_to("nowhere"), "cannot be read"),
    ("nothing there", lambda path: None, "cannot be read"),
]

CASES = [
    *(Case(f"picture: {name}", read(data), shape) for name, data, shape in READ),
    *(Case(f"picture: {name}", read(data), Says(words)) for name, data, words in REFUSED),
    *(Case(f"picture: {name}", middle(data), colour) for name, data, colour in COLOURS),
    *(Case(f"picture: {name}", in_folder(make), Says(words)) for name, make, words in ENTRIES),
]
