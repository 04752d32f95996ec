"""Pictures and captions as kohya's sd-scripts train on them: `N_name/` folders, a .txt caption beside each picture.

Source: github.com/kohya-ss/sd-scripts, "DreamBooth training": the number in front of a folder's name says how often
its pictures are repeated, a text file of the same name holds the caption, tags with commas between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

import cv2
import numpy as np

from core.datasets.config import FACE, FIGURE, ExportConfig
from core.datasets.outputs import Output, Plan, copied, filled, provenance, text_file
from core.datasets.records import DataSet, FaceRecord, PictureRecord, counted
from core.imaging.boxes import Box
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace.folders import unique

FIGURE_SIDE = 9.0
"""Heights of a face in the square around a figure: six to seven heads, each larger than the box of its face."""
FIGURE_TOP = 1.0
"""Heights of a face between the square's upper edge and the face: hair, ears and hats."""
READ = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
"""What sd-scripts reads without further packages; other pictures are written as JPEG."""
SHORT = 3
"""Tags so short are faces such as ^_^, whose underscores stay."""


@dataclass(frozen=True)
class _Item:
    """One picture of the data set: whose, its shorter side in pixels, the part of the picture that it shows, and the
    file."""

    picture: PictureRecord
    name: str
    folder: str
    series: str
    side: float
    shown: Box
    output: Output


def plan_kohya(data: DataSet, config: ExportConfig) -> Plan:
    """The folders of all characters, repeated `config.repeats` times in a training, without balancing copies.

    `config.crop`: whole pictures, a padded square around each figure, or the crops of the faces. Smaller pictures than
    `config.min_side` stay out. Raises DataError where nothing is left.
    """
    outputs: list[Output] = []
    rows, items = [], Counter[str]()
    small = 0
    taken: set[str] = set()
    for item in _items(data, config):
        if item.side < config.min_side:
            small += 1
            continue
        folder = f"{config.repeats}_{item.folder}"
        file = PurePath(item.output.path)
        path, suffix = unique(f"{folder}/{file.stem}", taken), file.suffix
        taken.add(path.casefold())
        outputs.append(Output(path + suffix, item.output.size, item.output.write))
        outputs.append(text_file(f"{path}.txt", caption(item.picture, item.name, item.shown) + "\n"))
        rows.append((path + suffix, item.name, item.series, "train", item.picture.origin))
        items[folder] += 1
    notes = [f"{counted(small, 'picture')} left out: less than {config.min_side} pixels a side."] if small else []
    outputs.append(provenance(rows))
    return filled(Plan(tuple(outputs), dict(items), tuple(notes)), data, "pictures of a character")


def caption(picture: PictureRecord, name: str, shown: Box) -> str:
    """The character, the others whose faces are shown, and the picture's tags, with commas between.

    >>> from core.datasets.records import Origin
    >>> picture = PictureRecord(1, "a.png", 9, 9, origin=Origin(tags=("1girl", "blue_hair", "^_^", "source:x")))
    >>> caption(picture, "Rei", Box(0, 0, 9, 9))
    'Rei, 1girl, blue hair, ^_^'
    """
    others = [face.name for face in picture.kept_faces if face.name and shown.contains(*face.box.centre)]
    tags = [tag if len(tag) <= SHORT else tag.replace("_", " ") for tag in picture.origin.words]
    words = [" ".join(word.replace(",", " ").split()) for word in (name, *others, *tags)]
    return ", ".join(dict.fromkeys(word for word in words if word))


def figure_box(face: Box, width: int, height: int) -> Box:
    """What a picture of width x height shows of the square around the figure whose face it is.

    >>> figure_box(Box(400, 200, 100, 100), 1000, 2000)
    Box(x=0.0, y=100.0, w=900.0, h=900.0)
    """
    unit = min(max(face.w, face.h), 2 * min(width, height))  # a longer box is no face, and its square no picture
    side = unit * FIGURE_SIDE
    inside = Box(face.centre[0] - side / 2, face.y - FIGURE_TOP * unit, side, side).clip(width, height)
    if inside is None:
        raise ValueError(f"{face} holds no pixel of a picture of {width} x {height}.")
    return inside


def padded_square(rgb: np.ndarray) -> np.ndarray:
    """The picture (uint8 h x w x 3) in the middle of a white square."""
    height, width = rgb.shape[:2]
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    edges = (top, side - height - top, left, side - width - left)
    return cv2.copyMakeBorder(rgb, *edges, cv2.BORDER_CONSTANT, value=(255, 255, 255))


def _items(data: DataSet, config: ExportConfig) -> Iterator[_Item]:
    if config.crop == FACE:
        for picture, face in data.faces():
            assert face.file is not None  # DataSet.faces gives no others
            # The crop is about twice as large as the box, unless it came cut out.
            w, h = face.box.w, face.box.h
            side = min(w, h) if picture.kind == "face" else 2 * max(w, h)
            output = copied(f"{face.file.stem}_{face.id}{face.file.suffix}", face.file)
            yield _Item(picture, face.name, face.folder, face.series, side, face.box, output)
        return
    for picture in data.whole:
        if config.crop == FIGURE:
            yield from _figures(picture)
        elif picture.name:
            yield _whole(picture)


def _whole(picture: PictureRecord) -> _Item:
    source = _file(picture)
    if source.suffix.lower() in READ:
        output = copied(f"{picture.label}{source.suffix}", source)
    else:
        size = source.stat().st_size
        output = Output(f"{picture.label}.jpg", size, lambda path: path.write_bytes(encode_jpeg(read_picture(source))))
    everything = Box(0, 0, picture.width, picture.height)
    side = min(picture.width, picture.height)
    return _Item(picture, picture.name, picture.folder, picture.series, side, everything, output)


def _figures(picture: PictureRecord) -> Iterator[_Item]:
    source = _file(picture)
    size, pixels = source.stat().st_size, picture.width * picture.height
    for face in picture.kept_faces:
        if face.name and face.box.clip(picture.width, picture.height) is not None:
            yield _figure(picture, face, source, size / pixels)


def _figure(picture: PictureRecord, face: FaceRecord, source: Path, bytes_a_pixel: float) -> _Item:
    shown = figure_box(face.box, picture.width, picture.height)

    def write(path: Path) -> None:
        path.write_bytes(encode_jpeg(padded_square(shown.crop(read_picture(source)))))

    output = Output(f"{picture.label}_{face.id}.jpg", round(shown.area * bytes_a_pixel), write)
    return _Item(picture, face.name, face.folder, face.series, max(shown.w, shown.h), shown, output)


def _file(picture: PictureRecord) -> Path:
    assert picture.file is not None  # DataSet.whole gives no others
    return picture.file
