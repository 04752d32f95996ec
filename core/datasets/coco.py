"""COCO JSON (cocodataset.org, "Data format"): written exactly, read as other tools write it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.datasets.annotations import SHOWN, AnnotatedPicture, Annotations, NamedBox, envelope, finite_numbers
from core.datasets.outputs import Output, Plan, filled, text_file
from core.datasets.parted import parted_pictures
from core.datasets.records import DataSet
from core.documents import parse_json
from core.errors import DataError
from core.imaging.boxes import Box
from core.imaging.files import LARGEST_TEXT, read_regular
from core.imaging.names import true_name
from core.imaging.text import decode_text
from core.progress import Reporter, silent, track

KINDS = {list: "a list", str: "text", int: "a number", float: "a number", bool: "true or false"}
"""What a JSON value is, in words."""

WANTED = "COCO is a JSON object with images, annotations and categories."


def coco_document(pictures: Sequence[AnnotatedPicture], categories: Mapping[str, int]) -> dict[str, Any]:
    """The boxes as a COCO document. Boxes are in pixels; categories: name -> id. Ids that are not given are counted."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, picture in enumerate(pictures, 1):
        image_id = number if picture.id is None else picture.id
        size = {"width": int(picture.width), "height": int(picture.height)}
        images.append({"id": image_id, "file_name": picture.file_name, **size})
        for named in picture.boxes:
            annotations.append(
                {
                    "id": len(annotations) + 1 if named.id is None else named.id,
                    "image_id": image_id,
                    "category_id": categories[named.name],
                    "bbox": named.box.as_list(),
                    "area": round(named.box.area, 2),
                    "iscrowd": 0,
                    "segmentation": [],
                    "attributes": dict(named.attributes),
                }
            )
    return {
        "info": {"description": "faces of Who Am I?", "version": "1.0"},
        "licenses": [],
        "images": images,
        "annotations": annotations,
        "categories": [{"id": i, "name": name, "supercategory": "face"} for name, i in categories.items()],
    }


def plan_coco(data: DataSet) -> Plan:
    """`annotations/instances_<part>.json` and `images/<part>/` for train, validation and test, with the same
    categories. Raises DataError where there is no picture with faces."""
    parted = parted_pictures(data)
    categories = {name: i for i, name in enumerate(parted.names, 1)}
    outputs: list[Output] = []
    for part, pictures in parted.parts.items():
        document = json.dumps(coco_document(pictures, categories), ensure_ascii=False)
        outputs.append(text_file(f"annotations/instances_{part}.json", document))
    return filled(Plan((*outputs, *parted.files), parted.items, parted.notes), data, "pictures with faces")


def read_coco(source: Path | bytes, *, report: Reporter = silent) -> Annotations:
    """The boxes of a COCO file. What cannot be used (a box without numbers, an unknown image or category) is told.

    Stage reported: `read`, in annotations. Raises DataError where it is no COCO document or not one of its boxes can be
    read.
    """
    document = _document(source)
    problems: list[str] = []
    names = _names(_list(document, "categories"), problems)
    images = _images(_list(document, "images"), problems)
    if not images:
        raise DataError(f"This COCO file lists no image that can be used. {WANTED} " + " ".join(problems[:1]))
    boxes: dict[str, list[NamedBox]] = {key: [] for key in images}
    bad, annotations = 0, _list(document, "annotations")
    unreadable: Counter[str] = Counter()
    for place, annotation in enumerate(track(annotations, report, "read")):
        try:
            key, named = _annotation(annotation, images, names)
        except ValueError as error:
            bad += 1
            unreadable[_image_key(annotation)] += 1
            problems.append(f"Annotation {place + 1}{_id(annotation)}: {error}")
            continue
        if named is not None:
            boxes[key].append(named)
            if named.name == "" and _key(annotation.get("category_id")) not in names:
                problems.append(
                    f"Annotation {place + 1}{_id(annotation)}: there is no category {annotation.get('category_id')!r}; "
                    "the face keeps its character."
                )
    if annotations and bad == len(annotations):
        raise DataError(f"None of the {bad} boxes of this COCO file can be read. {problems[-bad]}")
    shares = _are_shares(boxes)
    if shares:
        problems.insert(0, "No box reaches beyond 1: the numbers were read as shares of each picture, not as pixels.")
    pictures = tuple(_picture(image, boxes[key], unreadable[key], shares) for key, image in images.items())
    return Annotations(pictures, tuple(dict.fromkeys(n for n in names.values() if n)), _first(problems), bad)


def _images(rows: list[Any], problems: list[str]) -> dict[str, dict[str, Any]]:
    """The images by id as text. Two of one id are left out: whose the boxes are cannot be told."""
    usable = [row for row in rows if isinstance(row, dict) and row.get("id") is not None and _file_names(row)]
    ids = Counter(_key(row["id"]) for row in usable)
    if len(usable) < len(rows):
        place = next(place for place, row in enumerate(rows, 1) if not any(row is one for one in usable))
        problems.append(f"Image {place} has no id or no file_name ({len(rows) - len(usable)} such).")
    problems += [f"{n} images have the same id {key}; their boxes are left out." for key, n in ids.items() if n > 1]
    return {key: row for row in usable if ids[key := _key(row["id"])] == 1}


def _are_shares(boxes: Mapping[str, Sequence[NamedBox]]) -> bool:
    """Whether all boxes are smaller than a pixel: some tools write shares of the picture (FiftyOne, Azure)."""
    every = [named.box for found in boxes.values() for named in found]
    return bool(every) and all(box.right <= 1.001 and box.bottom <= 1.001 for box in every)


def _key(value: Any) -> str:
    """An id as text; 1, 1.0 and "1" are the same."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _document(source: Path | bytes) -> dict[str, Any]:
    data = source if isinstance(source, bytes) else read_regular(source, limit=LARGEST_TEXT)
    try:
        document = parse_json(decode_text(data))
    except ValueError as error:
        raise DataError(f"This is not a COCO file: it is no JSON ({error}). {WANTED}") from error
    if not isinstance(document, dict) or "images" not in document:
        what = "without images" if isinstance(document, dict) else KINDS.get(type(document), "null")
        raise DataError(f"This JSON is not a COCO document: it is {what}. {WANTED}")
    return document


def _list(document: dict[str, Any], key: str) -> list[Any]:
    value = document.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise DataError(f"This is not a COCO document: {key} is no list. {WANTED}")
    return value


def _names(categories: list[Any], problems: list[str]) -> dict[str, str]:
    """Category id as text -> name; "" for one without a usable name."""
    names: dict[str, str] = {}
    for place, category in enumerate(categories):
        if not isinstance(category, dict) or category.get("id") is None:
            problems.append(f"Category {place + 1} has no id.")
            continue
        name = category.get("name")
        if not isinstance(name, str):
            problems.append(
                f"Category {category['id']} has the name {name!r}, which is no text; its faces keep theirs."
            )
            name = ""
        names[_key(category["id"])] = true_name(name)
    return names


def _annotation(annotation: Any, images: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, NamedBox | None]:
    """The image's key and the box; None for a crowd. Raises ValueError in words."""
    if not isinstance(annotation, dict):
        raise ValueError("it is no object.")
    key = _image_key(annotation)
    if key not in images:
        raise ValueError(f"there is no image {annotation.get('image_id')!r}.")
    if annotation.get("iscrowd") in (True, "1"):  # or 1, which is True
        return key, None
    numbers = finite_numbers(annotation.get("bbox"), 4)
    box = Box(*numbers) if numbers and numbers[2] > 0 and numbers[3] > 0 else _around(annotation.get("segmentation"))
    if box is None:
        shown = json.dumps(annotation.get("bbox"), ensure_ascii=False)[:80]
        what = f"its bbox is {shown}" if "bbox" in annotation else "it has no bbox"
        raise ValueError(f"{what}; a bbox is [x, y, width, height] in pixels, finite and above 0.")
    return key, NamedBox(box, names.get(_key(annotation.get("category_id")), ""))


def _around(segmentation: Any) -> Box | None:
    """The box around polygons, each [x1, y1, x2, y2, ...]."""
    points: list[tuple[float, float]] = []
    for polygon in segmentation if isinstance(segmentation, list) else []:
        numbers = finite_numbers(polygon, len(polygon)) if isinstance(polygon, list) else None
        if numbers is not None and len(numbers) >= 6:
            points += zip(numbers[::2], numbers[1::2], strict=False)
    return envelope(points)


def _picture(image: dict[str, Any], boxes: list[NamedBox], unreadable: int, shares: bool) -> AnnotatedPicture:
    size = [1.0, 1.0] if shares else finite_numbers([image.get("width"), image.get("height")], 2) or [0.0, 0.0]
    width, height = size if min(size) > 0 else (0.0, 0.0)
    first, *others = _file_names(image)
    return AnnotatedPicture(first, tuple(boxes), width, height, tuple(others), unreadable=unreadable)


def _file_names(image: dict[str, Any]) -> list[str]:
    """The names that a file gives an image: file_name, and what Roboflow and others keep beside it."""
    extra = image.get("extra")
    given = [image.get("file_name"), extra.get("name") if isinstance(extra, dict) else None]
    given += [image.get(key) for key in ("path", "name", "coco_url")]
    return list(dict.fromkeys(str(name) for name in given if _is_name(name)))


def _is_name(value: object) -> bool:
    """Text, or a number, which some tools make of a name of digits."""
    return isinstance(value, str | int) and not isinstance(value, bool) and bool(str(value).strip())


def _image_key(annotation: Any) -> str:
    return _key(annotation.get("image_id")) if isinstance(annotation, dict) else ""


def _id(annotation: Any) -> str:
    return f" (id {annotation['id']})" if isinstance(annotation, dict) and "id" in annotation else ""


def _first(problems: list[str]) -> tuple[str, ...]:
    more = len(problems) - SHOWN
    return (*problems[:SHOWN], *([f"... and {more} more."] if more > 0 else []))
