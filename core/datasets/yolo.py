"""YOLO text labels: written as training tools expect them, read as other tools write them.

A folder with `data.yaml` (or `classes.txt`) and `labels/<picture>.txt`, a line a face: class, then the box's centre and
size as shares of the picture. With pictures, `images/` holds them under the same names.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from core.atomic import write_text
from core.datasets.annotations import SHOWN, AnnotatedPicture, Annotations, NamedBox, envelope, finite_numbers
from core.datasets.outputs import Output, Plan, filled, text_file
from core.datasets.parted import parted_pictures
from core.datasets.records import DataSet
from core.errors import DataError
from core.imaging.boxes import Box
from core.imaging.files import files_in, read_regular
from core.imaging.names import loose_key, true_name
from core.imaging.text import decode_text

LARGEST = 5_000_000
"""Bytes of a label file or a data.yaml."""

CLASS_FILES = ("classes.txt", "obj.names", "_darknet.labels", "predefined_classes.txt", "labels.txt")
NOT_LABELS = re.compile(r"(classes|predefined_classes|notes|labels|train|valid?|test|readme.*|requirements)\.txt", re.I)

YOLO_PARTS = {"train": "train", "val": "validation", "test": "test"}
"""What data.yaml calls the parts of the split."""

WANTED = "A line is a class, then the centre and the size of the box as shares of the picture, from 0 to 1."


def write_yolo(
    out: Path, pictures: Sequence[AnnotatedPicture], names: Sequence[str], *, images: Mapping[str, Path] | None = None
) -> Path:
    """Write boxes (in pixels of width x height) into a new folder. `file_name` is a label file's name without ending.

    A picture without a face gets an empty label file: it was looked at. images: file_name -> the picture to copy.
    Raises DataError where the folder holds something already.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DataError(f"{out} holds something already. Give a new or an empty folder.")
    numbers = {name: i for i, name in enumerate(names)}
    for folder in ("labels", "images"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for picture in pictures:
        lines = [_line(numbers[named.name], named.box, picture) for named in picture.boxes]
        write_text(out / "labels" / f"{picture.file_name}.txt", "".join(lines))
        if images and picture.file_name in images:
            source = images[picture.file_name]
            shutil.copyfile(source, out / "images" / f"{picture.file_name}{source.suffix}")
    document = {"path": ".", "train": "images", "val": "images", "nc": len(names), "names": dict(enumerate(names))}
    write_text(out / "data.yaml", yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
    write_text(out / "classes.txt", "".join(f"{name}\n" for name in names))
    return out


def plan_yolo(data: DataSet) -> Plan:
    """`images/<part>/`, `labels/<part>/` for train, validation and test, and `data.yaml` that names them.

    Trainers want a validation part: where there is none, `val` is the training part. Raises DataError where there is
    no picture with faces.
    """
    parted = parted_pictures(data)
    numbers = {name: i for i, name in enumerate(parted.names)}
    outputs: list[Output] = []
    for part, pictures in parted.parts.items():
        for picture in pictures:
            lines = [_line(numbers[named.name], named.box, picture) for named in picture.boxes]
            outputs.append(text_file(f"labels/{part}/{Path(picture.file_name).stem}.txt", "".join(lines)))
    folders = {key: f"images/{part}" for key, part in YOLO_PARTS.items() if part in parted.parts}
    # Without `path` the folders are looked for beside data.yaml, wherever the data set is moved to.
    classes = {"nc": len(numbers), "names": dict(enumerate(parted.names))}
    document = {"train": "images/train", "val": "images/train", **folders, **classes}
    outputs.append(text_file("data.yaml", yaml.safe_dump(document, allow_unicode=True, sort_keys=False)))
    return filled(Plan((*outputs, *parted.files), parted.items, parted.notes), data, "pictures with faces")


def _line(number: int, box: Box, picture: AnnotatedPicture) -> str:
    cx, cy = box.centre
    values = (cx / picture.width, cy / picture.height, box.w / picture.width, box.h / picture.height)
    return " ".join([str(number), *(f"{v:.8f}" for v in values)]) + "\n"


def read_yolo(folder: Path) -> Annotations:
    """The boxes of a folder of label files, as shares of a picture of 1 x 1. A line that is broken is told.

    Raises DataError where there is no label file, where no line can be read, and where most are not shares.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder. YOLO labels are a folder with data.yaml and labels/.")
    problems: list[str] = []
    names, keypoints = _classes(folder, problems)
    pictures: list[AnnotatedPicture] = []
    bad: list[str] = []
    beyond: list[str] = []
    lines = 0
    for path in label_files(folder):
        boxes, before = [], len(bad) + len(beyond)
        for number, line in _lines(path, problems):
            lines += 1
            try:
                named, remark = _read_line(line, names, keypoints)
            except ValueError as error:
                (beyond if isinstance(error, NotSharesError) else bad).append(
                    f"Line {number} of {path.name} is {line[:80]!r}; {error}"
                )
                continue
            boxes.append(named)
            if remark:
                problems.append(f"Line {number} of {path.name}: {remark}")
        pictures.append(AnnotatedPicture(path.stem, tuple(boxes), 1.0, 1.0, unreadable=len(bad) + len(beyond) - before))
    if not pictures:
        raise DataError(f"{folder} holds no label files. YOLO labels are text files, one for each picture, in labels/.")
    if len(beyond) * 2 > lines:
        raise DataError(f"{len(beyond)} of {lines} boxes are no shares of a picture: pixels or percent? {beyond[0]}")
    if lines and len(bad) + len(beyond) == lines:
        raise DataError(f"None of the {lines} boxes can be read. {(bad + beyond)[0]}")
    problems = [*bad, *beyond, *problems]
    more = [f"... and {len(problems) - SHOWN} more."] if len(problems) > SHOWN else []
    return Annotations(tuple(pictures), tuple(names), (*problems[:SHOWN], *more), len(bad) + len(beyond))


class NotSharesError(ValueError):
    """Numbers that are pixels or percent where shares are wanted."""


def class_names(folder: Path) -> list[str]:
    """The classes of `data.yaml` (a list, or numbers with names) or of `classes.txt`; [] where there is neither."""
    return _classes(folder, [])[0]


def _classes(folder: Path, problems: list[str]) -> tuple[list[str], bool]:
    """The classes' names by number, and whether the boxes are followed by keypoints."""
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        document = _yaml(path)
        if isinstance(document, dict) and ("names" in document or "nc" in document):
            keypoints = "kpt_shape" in document
            names = document.get("names")
            if isinstance(names, list):
                return [_name(name) for name in names], keypoints
            if isinstance(names, dict):
                return _numbered(names, path), keypoints
            if isinstance(names, str) and (folder / Path(names).name).is_file():
                return _listed(folder / Path(names).name), keypoints
            problems.append(f"{path.name} has no list of `names`; the faces keep their characters.")
            return _class_file(folder), keypoints
    return _class_file(folder), False


def _yaml(path: Path) -> object:
    """A YAML document whose every value is text: a class called `no` or `1` stays what it is."""
    try:
        return yaml.load(decode_text(read_regular(path, limit=LARGEST)), Loader=yaml.BaseLoader)  # noqa: S506 -- it makes text, lists and dicts only
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        words = " ".join(str(error).split())
        raise DataError(f"{path.name} cannot be read as YAML: {words[:200]}. Correct it, or remove it.") from error


def _numbered(names: Mapping[str, object], path: Path) -> list[str]:
    try:
        numbers = {int(str(key)): _name(name) for key, name in names.items()}
    except ValueError as error:
        raise DataError(f"The `names` of {path.name} are not numbered ({error}). Write `0: Rei`.") from error
    if not numbers:
        return []
    if not 0 <= min(numbers) <= max(numbers) < 100_000:
        raise DataError(f"The `names` of {path.name} are numbered from {min(numbers)} to {max(numbers)}; from 0 on.")
    return [numbers.get(i, "") for i in range(max(numbers) + 1)]


def _class_file(folder: Path) -> list[str]:
    path = next((folder / name for name in CLASS_FILES if (folder / name).is_file()), None)
    return _listed(path) if path else []


def _listed(path: Path) -> list[str]:
    lines = [true_name(line) for line in decode_text(read_regular(path, limit=LARGEST)).splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _name(name: object) -> str:
    return true_name(name) if isinstance(name, str) else ""


def label_files(folder: Path) -> list[Path]:
    """The text files in folders called labels, such as train/labels; all text files where there is no such folder."""
    files = [path for path in files_in(folder) if path.suffix.lower() == ".txt" and path.is_file()]
    files = [path for path in files if not NOT_LABELS.fullmatch(path.name)]
    inside = [path for path in files if "labels" in [part.lower() for part in path.relative_to(folder).parts[:-1]]]
    return inside or files


def _lines(path: Path, problems: list[str]) -> Iterator[tuple[int, str]]:
    try:
        text = decode_text(read_regular(path, limit=LARGEST))
    except DataError as error:
        problems.append(str(error))
        return
    yield from ((n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip())


def _read_line(line: str, names: Sequence[str], keypoints: bool) -> tuple[NamedBox, str]:
    """The box of a line, and a remark about its class ("": none). Raises ValueError in words."""
    words = line.split()
    if len(words) < 5:
        words = re.split(r"[\s,;]+", line.strip(" ,;"))
    words = [word.strip(",;").replace(",", ".") for word in words]
    first = next((i for i, word in enumerate(words) if i and _is_number(word)), len(words))
    numbers = finite_numbers(words[first:], len(words) - first)
    if numbers is None or len(numbers) < 4:
        raise ValueError(f"it has no four finite numbers behind its class. {WANTED}")
    if _has_track(words[first:]):
        numbers = numbers[:4]
    box = _box(numbers, keypoints)
    name, remark = _class(" ".join(words[:first]), names)
    return NamedBox(box, name), remark


def _has_track(words: Sequence[str]) -> bool:
    """Whether a box's four numbers are followed by a score and the number of a track, the only whole one: six numbers
    that are else the three corners of a polygon."""
    return len(words) == 6 and words[5].isdigit() and not any(word.isdigit() for word in words[:5])


def _box(numbers: list[float], keypoints: bool) -> Box:
    """Four numbers are centre and size, five have a score behind; six and more are a polygon, but for keypoints."""
    polygon = len(numbers) >= 6 and len(numbers) % 2 == 0 and not keypoints
    # A box may stand out of its picture a little; ten times as far it was never a share.
    if any(abs(v) > 1.5 for v in (numbers if polygon else numbers[:4])):
        raise NotSharesError(WANTED)
    if polygon:
        box = envelope(list(zip(numbers[::2], numbers[1::2], strict=True)))
    else:
        cx, cy, w, h = numbers[:4]
        box = Box.from_centre(cx, cy, w, h) if w > 0 and h > 0 else None
    if box is None:
        raise ValueError("its width and height must be above 0.")
    if box.clip(1.0, 1.0) is None:
        raise ValueError("it lies outside of the picture.")
    return box


def _class(text: str, names: Sequence[str]) -> tuple[str, str]:
    """The name of a class by its number or, as some tools write, by the name itself; and a remark."""
    if _is_number(text) and float(text).is_integer():
        number = int(float(text))
        if 0 <= number < len(names):
            return names[number], ""
        return "", f"there is no class {number}; the face keeps its character." if names else ""
    named = next((name for name in names if loose_key(name) == loose_key(text)), None)
    if named is not None or not names:
        return named if named is not None else true_name(text), ""
    return "", f"there is no class {text[:40]!r}; the face keeps its character."


def _is_number(word: str) -> bool:
    try:
        return abs(float(word)) < 1e9
    except ValueError:
        return False
