"""A picture with a box and a name on each face, to be shown or kept: readable on any background, in any script."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.errors import DataError
from core.imaging.reading import encode_jpeg
from core.recognise.batch import Answered
from core.recognise.pictures import RecognisedFace
from core.recognise.sorting import free_names, write_new
from core.recognise.verdict import MATCH, UNKNOWN, UNSURE

COLOURS = {MATCH: (0, 120, 75), UNSURE: (180, 95, 0), UNKNOWN: (75, 85, 95)}
WHITE = (255, 255, 255)
QUALITY = 92
SMALLEST = 12
"""Pixels of the smallest letters that are read with ease."""
LETTERS = 40
"""So many letters' heights make a side of a picture."""
LARGEST = 4096
"""Pixels of the longer side up to which a picture is enlarged for its names."""
FONTS = (
    "DejaVuSans.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSans-Regular.ttf",
    "Arial Unicode.ttf",
    "YuGothM.ttc",
    "msgothic.ttc",
    "msyh.ttc",
    "malgun.ttf",
    "Hiragino Sans GB.ttc",
    "AppleSDGothicNeo.ttc",
    "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf",
    "ipag.ttf",
    "segoeui.ttf",
    "Arial.ttf",
)
"""Looked for where the system keeps fonts; the first that can write a name is taken."""
PACKAGE, PACKAGED = "noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"
"""A font for Chinese, Japanese and Korean that can be installed beside the app (requirements-fonts.txt)."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def annotated(rgb: np.ndarray, faces: Sequence[RecognisedFace], *, chosen: int | None = None) -> np.ndarray:
    """A copy of a picture (uint8 HxWx3) with a box and a label on each face; white beside the colour shows on dark.

    chosen: the place of a face in `faces` whose box is drawn twice as strong.
    """
    image = Image.fromarray(rgb)
    draw = ImageDraw.Draw(image)
    side = _side(*rgb.shape[:2])
    width = max(round(side / 300), 2)
    size = max(round(side / LETTERS), SMALLEST)
    for place, face in enumerate(faces):
        box, colour = face.box, COLOURS[face.answer.verdict]
        strong = width * (2 if place == chosen else 1)
        draw.rectangle((box.x, box.y, box.right, box.bottom), outline=WHITE, width=strong + width)
        draw.rectangle((box.x, box.y, box.right, box.bottom), outline=colour, width=strong)
    for face in faces:  # labels last, so that no box crosses one
        _label(draw, face, size, rgb.shape[1], rgb.shape[0])
    return np.asarray(image)


def annotated_to_keep(rgb: np.ndarray, faces: Sequence[RecognisedFace]) -> np.ndarray:
    """The same for a file of its own: where the names would not be readable on a picture as small as it is (an icon),
    or would not fit, it is enlarged first."""
    height, width = rgb.shape[:2]
    widest = max((_width(label_of(face), SMALLEST) for face in faces), default=0)
    larger = max(LETTERS * SMALLEST / _side(height, width), widest / width)
    larger = min(larger, LARGEST / max(height, width))
    if not faces or larger <= 1:
        return annotated(rgb, faces)
    size = ceil(width * larger), ceil(height * larger)
    image = Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS)
    return annotated(np.asarray(image), [replace(face, box=face.box.scale(larger)) for face in faces])


def label_of(face: RecognisedFace) -> str:
    """The name, a name with a question mark, or `unknown`."""
    name = " ".join((face.answer.character or "").split())
    if face.answer.verdict == MATCH:
        return name
    return "unknown" if face.answer.verdict == UNKNOWN else f"{name}?"


def annotate(answered: Answered, folder: Path) -> Path | None:
    """Write a picture with its boxes and names as a new JPEG; the file, or None where it is there already, or where
    the picture could not be read. Raises DataError where the folder cannot be written to."""
    if answered.pixels is None:
        return None
    data = encode_jpeg(annotated_to_keep(answered.pixels, answered.faces), QUALITY)
    name = f"{Path(answered.query.file_name).stem}.jpg"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for target in free_names(folder, name):
            if os.path.lexists(target):
                if target.is_file() and target.read_bytes() == data:
                    return None
            elif write_new(target, data):
                return target
    except OSError as error:
        raise DataError(f"{folder} cannot be written to: {error.strerror or error}. Name another place.") from error
    raise AssertionError("free_names does not end")


def font_for(text: str, size: int) -> Font:
    """A font that has every letter of a text; where no font here has them, the one that has most."""
    fonts = [*_fonts(size), ImageFont.load_default(size)]
    return max(fonts, key=lambda font: sum(_has(font, letter) for letter in text))


def font_advice(names: Iterable[str]) -> str:
    """A sentence about names of which no font here has every letter, and what brings one; "" where all can be written.

    >>> font_advice(["Rei"])
    ''
    """
    lacking = [name for name in names if not all(_has(font_for(name, 12), letter) for letter in name)]
    if not lacking:
        return ""
    others = f" and {len(lacking) - 1} other names" if len(lacking) > 2 else f" and {lacking[1]}" if lacking[1:] else ""
    return (
        f"No font here has all letters of {lacking[0]}{others}; boxes stand for them. A font for Chinese, Japanese and "
        "Korean comes with: pip install -r requirements-fonts.txt"
    )


def _side(height: int, width: int) -> int:
    """The side that lines and letters go by: the longer one, but of a strip no more than twice the shorter one."""
    return min(max(height, width), 2 * min(height, width))


def _width(text: str, size: int) -> int:
    """Of a label with letters of that size, with its border, in pixels."""
    left, _, right, _ = font_for(text, size).getbbox(text)
    return ceil(right - left) + 2 * _pad(size) + 1


def _fitting(text: str, size: int, width: int) -> int:
    """The size of letters with which a label fits into that width; no smaller than the smallest."""
    wide = _width(text, size)
    return size if wide <= width else min(size, max(size * width // wide, SMALLEST))


def _pad(size: int) -> int:
    return max(size // 4, 2)


def _label(draw: ImageDraw.ImageDraw, face: RecognisedFace, size: int, width: int, height: int) -> None:
    text = label_of(face)
    size = _fitting(text, size, width)
    font = font_for(text, size)
    left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
    w, h, pad = right - left, bottom - top, _pad(size)
    x = min(max(face.box.x, 0), max(width - w - 2 * pad, 0))
    y = face.box.y - h - 2 * pad if face.box.y >= h + 2 * pad else face.box.bottom
    y = min(max(y, 0), max(height - h - 2 * pad, 0))
    draw.rectangle((x, y, x + w + 2 * pad, y + h + 2 * pad), fill=COLOURS[face.answer.verdict], outline=WHITE)
    draw.text((x + pad - left, y + pad - top), text, font=font, fill=WHITE)


@lru_cache(maxsize=8)
def _fonts(size: int) -> tuple[Font, ...]:
    found: list[Font] = []
    for name in [*FONTS, *_packaged()]:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return tuple(found)


def _packaged() -> list[str]:
    """The font of the optional package; none where it is not installed."""
    spec = find_spec(PACKAGE)
    return [str(Path(folder, PACKAGED)) for folder in (spec.submodule_search_locations or ())] if spec else []


def _has(font: Font, letter: str) -> bool:
    """Whether a font has a letter: one that it lacks looks like one that no font has."""
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))
