"""Which picture an annotation file means, and where its boxes lie on it: names that tools changed, sizes they turned.

Label Studio puts a hash in front of a file's name, Roboflow `_jpg.rf.<hash>` behind it, others give whole paths of
another machine. Where a name fits several pictures, size, names and overlap with the faces that are known decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from core.datasets.annotations import AnnotatedPicture, NamedBox
from core.imaging.boxes import Box
from core.imaging.names import loose_key

HASH_IN_FRONT = re.compile(r"^[0-9a-f]{8}(?:[0-9a-f]{24})?[-_]")
ROBOFLOW = re.compile(r"(?:_(?:jpe?g|png|webp|gif|bmp|tiff?|avif|heic|jfif))?\.rf\.[0-9a-z]+$", re.I)
ASPECT = 0.02
"""Two shapes are the same up to this relative difference."""


@dataclass(frozen=True, slots=True)
class Target:
    """A picture that annotations may mean: its path, other stems of its files, size in pixels, whose picture it is and
    the boxes of the faces known on it."""

    id: int
    path: str
    width: int
    height: int
    stems: tuple[str, ...] = ()
    name: str = ""
    boxes: tuple[Box, ...] = ()


Index = dict[tuple[str, ...], list[Target]]
"""Targets by the ends of their paths: a thousand folders may each hold a 1.jpg, and none of them is gone through."""


def match_pictures(pictures: Sequence[AnnotatedPicture], targets: Sequence[Target]) -> dict[int, Target]:
    """Position of a picture in the file -> the target it means. What fits none, or several alike, is left out."""
    index: Index = {}
    for target in targets:
        *folders, name = _parts(target.path)
        for key in {name, _stem(name), *(unicodedata.normalize("NFC", s).casefold() for s in target.stems)}:
            for tail in _tails(key, folders):
                index.setdefault(tail, []).append(target)
    found: dict[int, Target] = {}
    open_: dict[int, list[Target]] = {}
    for place, picture in enumerate(pictures):
        fitting = next((f for name in (picture.file_name, *picture.aliases) if (f := _fitting(name, index))), [])
        if len(fitting) == 1:
            found[place] = fitting[0]
        elif fitting:
            open_[place] = fitting
    found.update(_by_evidence(pictures, open_))
    return found


def place_boxes(picture: AnnotatedPicture, target: Target) -> tuple[list[NamedBox], str]:
    """The boxes in the target's own pixels, clipped to it, and a remark ("": none).

    Boxes that lie wholly outside are left out. Where the file has width and height of a picture the wrong way round,
    its boxes are those of the picture as it is, or of the picture before a turn by EXIF: what the known faces say.
    """
    readings = _readings(picture, target)
    best = max(readings, key=lambda reading: _overlap(reading, target.boxes))
    if _overlap(best, target.boxes) < 0.3:
        best = readings[0]
    placed, outside = [], 0
    for named, box in zip(picture.boxes, best, strict=True):
        inside = box.clip(target.width, target.height)
        if inside is None or min(inside.w, inside.h) < 1:
            outside += 1
            continue
        placed.append(NamedBox(inside, named.name, named.id, named.attributes))
    remarks = [f"width and height of {picture.file_name} are the wrong way round"] if len(readings) > 1 else []
    remarks += [f"{outside} of {len(picture.boxes)} boxes lie outside of {picture.file_name}"] if outside else []
    return placed, "; ".join(remarks)


def _readings(picture: AnnotatedPicture, target: Target) -> list[list[Box]]:
    """The boxes in the target's pixels, in every way they may be meant; the likeliest first."""
    boxes = [named.box for named in picture.boxes]
    w, h = picture.width, picture.height
    if not w or not h:
        return [boxes]
    straight = [_scaled(box, target.width / w, target.height / h) for box in boxes]
    turned = not _alike(w / h, target.width / target.height) and _alike(h / w, target.width / target.height)
    if not turned or (w, h) == (1, 1):
        return [straight]
    fx, fy = target.width / h, target.height / w
    clockwise = [_scaled(Box(h - b.bottom, b.x, b.h, b.w), fx, fy) for b in boxes]
    counter = [_scaled(Box(b.y, w - b.right, b.h, b.w), fx, fy) for b in boxes]
    return [[_scaled(box, fx, fy) for box in boxes], clockwise, counter, straight]


def _scaled(box: Box, fx: float, fy: float) -> Box:
    return Box(box.x * fx, box.y * fy, box.w * fx, box.h * fy)


def _alike(a: float, b: float) -> bool:
    return abs(a - b) <= ASPECT * max(a, b)


def _overlap(boxes: Iterable[Box], known: Sequence[Box]) -> float:
    """Mean over the boxes of the best IoU with a known one, 0 to 1; 0 where there is nothing to compare."""
    best = [max((box.iou(other) for other in known), default=0.0) for box in boxes]
    return sum(best) / len(best) if best else 0.0


def _fitting(file_name: str, index: Index) -> list[Target]:
    """The targets that a name may mean: by the least changed form of it; of these with the longest common path."""
    parts = _parts(file_name)
    for key in _forms(parts[-1]) if parts else ():
        found = [fitting for tail in _tails(key, parts[:-1]) if (fitting := index.get(tail))]
        if found:
            return found[-1]
    return []


def _tails(key: str, folders: Sequence[str]) -> list[tuple[str, ...]]:
    """A name alone, with its folder, with the one above too, and so on.

    >>> _tails("1.jpg", ["pictures", "rei"])
    [('1.jpg',), ('1.jpg', 'rei'), ('1.jpg', 'rei', 'pictures')]
    """
    return [(key, *folders[::-1][:n]) for n in range(len(folders) + 1)]


def _forms(name: str) -> Iterable[str]:
    """A file's name as it is, without its ending, and without what tools put in front and behind."""
    stem = _stem(name)
    tailless = ROBOFLOW.sub("", stem)
    forms = (name, stem, tailless, HASH_IN_FRONT.sub("", stem), HASH_IN_FRONT.sub("", tailless))
    return dict.fromkeys(form for form in forms if form)


def _parts(file_name: str) -> list[str]:
    """The parts of a path of any system or address, in one Unicode form and in lower case."""
    text = unquote(file_name.partition("?d=")[2] or file_name.partition("?")[0])
    text = unicodedata.normalize("NFC", text).casefold().replace("\\", "/")
    return [part for part in PurePosixPath(text).parts if part not in ("/", ".")]


def _stem(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return stem if dot and stem and len(ending) <= 4 and not ending.isdigit() else name


def _by_evidence(pictures: Sequence[AnnotatedPicture], open_: dict[int, list[Target]]) -> dict[int, Target]:
    """Pictures whose names fit several targets: the best pairs first, each target once; ties are left out."""
    scored = [(_evidence(pictures[place], target), place, target) for place, many in open_.items() for target in many]
    found: dict[int, Target] = {}
    used: set[int] = set()
    for score, place, target in sorted(scored, key=lambda one: -one[0]):
        if place in found or target.id in used or score <= 0:
            continue
        rivals = [s for s, p, t in scored if p == place and t.id != target.id and t.id not in used]
        if rivals and max(rivals) > score - 0.05:
            continue
        found[place] = target
        used.add(target.id)
    return found


def _evidence(picture: AnnotatedPicture, target: Target) -> float:
    """How well a picture of the file fits a target: size, whose faces, and where they lie."""
    size = 0.0
    if picture.width > 1:
        same = (picture.width, picture.height) == (target.width, target.height)
        alike = _alike(picture.width / picture.height, target.width / target.height)
        size = 1.0 if same else 0.5 if alike else -1.0
    named = [loose_key(box.name) == loose_key(target.name) for box in picture.boxes if box.name]
    readings = _readings(picture, target)
    overlap = max(_overlap(reading, target.boxes) for reading in readings)
    return size + (sum(named) / len(named) if named else 0.0) + 2 * overlap
