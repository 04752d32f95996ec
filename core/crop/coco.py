"""COCO JSON: the boxes of a workspace out to any labelling tool, and back (cocodataset.org, "Data format")."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from core.crop.merge_annotations import ImportReport, NamedBox, merge_annotations
from core.errors import DataError
from core.imaging.boxes import Box
from core.workspace.atomic import write_json
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from core.workspace.states import LIVE_FACES, Kind, PictureState


def coco_document(catalogue: Catalogue, *, states: Sequence[str] = LIVE_FACES) -> dict:
    """The faces in these states as a COCO document. Image, annotation and category ids are the catalogue's own ids of
    pictures, faces and characters; file_name is the path inside the workspace; bbox is [x, y, w, h] in pixels."""
    pictures = catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT)
    there = {p.id for p in pictures}
    faces = [f for f in catalogue.faces(state=tuple(states), copy_of=None) if f.picture_id in there]
    return {
        "info": {"description": "faces of Who Am I?", "version": "1.0"},
        "licenses": [],
        "images": [{"id": p.id, "file_name": p.path, "width": p.width, "height": p.height} for p in pictures],
        "annotations": [
            {
                "id": f.id,
                "image_id": f.picture_id,
                "category_id": f.character_id,
                "bbox": f.box.as_list(),
                "area": round(f.box.area, 2),
                "iscrowd": 0,
                "segmentation": [],
                "attributes": {"state": f.state, "detector": f.detector, "score": round(f.score, 4)},
            }
            for f in faces
        ],
        "categories": [
            {"id": c.id, "name": c.name, "supercategory": "face"} for c in catalogue.characters(removed=True)
        ],
    }


def export_coco(catalogue: Catalogue, out: Path, *, states: Sequence[str] = LIVE_FACES) -> Path:
    """Write the COCO document to a .json file."""
    return write_json(out, coco_document(catalogue, states=states))


def import_coco(project: Project, source: Path | bytes) -> ImportReport:
    """Take over the boxes of a COCO file as one change that can be undone (see boxes.take_over).

    Images are found by file_name: the path inside the workspace, or just the file's name where only one picture has it.
    Pictures that the file does not list are left alone. Raises DataError where it is no COCO document, or fits nothing.
    """
    document = _read(source)
    find = _finder(project.catalogue)
    pictures, unknown = {}, []
    for image in document["images"]:
        picture = find(image["file_name"])
        if picture is None:
            unknown.append(image["file_name"])
        else:
            pictures[image["id"]] = picture
    if not pictures:
        raise DataError(
            f"None of the {len(document['images'])} images of this file is a picture of {project.workspace.name}."
        )
    names = {c["id"]: c["name"] for c in document["categories"]}
    sizes = {i["id"]: (i.get("width"), i.get("height")) for i in document["images"]}
    boxes = []
    for annotation in document["annotations"]:
        picture = pictures.get(annotation["image_id"])
        if picture is None or annotation.get("iscrowd"):
            continue
        box = _box(annotation, picture, sizes[annotation["image_id"]])
        if box is not None:
            boxes.append(NamedBox(picture.id, box, _name(names.get(annotation["category_id"], ""))))
    covered = [p.id for p in pictures.values()]
    return merge_annotations(project, boxes, covered, action="boxes from a COCO file", unknown=unknown)


def _read(source: Path | bytes) -> dict:
    try:
        document = json.loads(source if isinstance(source, bytes) else source.read_bytes())
        for image in document["images"]:
            image["id"], image["file_name"]
        for annotation in document["annotations"]:
            annotation["image_id"], annotation["category_id"]
            if len([float(v) for v in annotation["bbox"]]) != 4:
                raise ValueError("a bbox has four numbers")
        for category in document["categories"]:
            category["id"], category["name"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DataError(
            f"This is not a COCO document ({error!r}): it is JSON with images, annotations and categories."
        ) from error
    return document


def _finder(catalogue: Catalogue):
    pictures = catalogue.pictures(kind=Kind.PICTURE, state=PictureState.KEPT)
    by_path = {p.path: p for p in pictures}
    by_name: dict[str, list] = {}
    for picture in pictures:
        by_name.setdefault(PurePosixPath(picture.path).name, []).append(picture)

    def find(file_name: str):
        name = str(file_name).replace("\\", "/")
        if name in by_path:
            return by_path[name]
        ends = [p for p in by_name.get(PurePosixPath(name).name, []) if p.path.endswith(f"/{name}") or "/" not in name]
        return ends[0] if len(ends) == 1 else None

    return find


def _box(annotation: dict, picture, size: tuple) -> Box | None:
    """In the picture's own pixels, though the tool may have worked on a smaller copy; None where nothing is left."""
    x, y, w, h = map(float, annotation["bbox"])
    if w <= 0 or h <= 0:
        return None
    fx = picture.width / size[0] if size[0] else 1.0
    fy = picture.height / size[1] if size[1] else 1.0
    return Box(x * fx, y * fy, w * fx, h * fy).clip(picture.width, picture.height)


def _name(name: str) -> str:
    """ "face" and the like say that it is one, not whose."""
    return "" if name.casefold() in ("", "face", "faces", "head") else name
