"""Copies of the pictures with the names of their faces in XMP, which digiKam, immich and others show; and read back.

JPEG, PNG and WebP hold the names themselves; beside any other picture lies `<file>.xmp`, as those programs look for it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path, PurePath

from core.datasets.annotations import AnnotatedPicture, Annotations, NamedBox
from core.datasets.outputs import Output, Plan, copied, filled, provenance, text_file
from core.datasets.records import DataSet, PictureRecord, counted
from core.errors import DataError, PictureError
from core.imaging import formats
from core.imaging.boxes import Box
from core.imaging.files import files_in, is_file, read_head
from core.imaging.metadata import orientation_of, picture_regions, shown_size, with_xmp
from core.imaging.reading import opened, read_bytes
from core.imaging.regions import Region, read_regions, regions_xmp
from core.workspace.folders import unique

SIDECAR = ".xmp"


def plan_xmp(data: DataSet) -> Plan:
    """A folder for each character with copies of its pictures. Raises DataError where no picture has a kept face."""
    outputs: list[Output] = []
    rows, items, bare = [], Counter[str](), 0
    taken: set[str] = set()
    for picture in data.whole:
        if not picture.kept_faces or picture.file is None:
            bare += 1
            continue
        file = PurePath(picture.place)
        path = unique(f"{picture.folder or 'unnamed'}/{file.stem}", taken, file.suffix)
        taken.add(path.casefold())
        outputs += _outputs(path, picture, picture.file)
        rows.append((path, picture.name, picture.series, "", picture.origin))
        items[picture.folder or "unnamed"] += 1
    outputs.append(provenance(rows))
    notes = (f"{counted(bare, 'picture')} left out: without a kept face.",) if bare else ()
    return filled(Plan(tuple(outputs), dict(items), notes), data, "pictures with faces")


def regions_of(picture: PictureRecord) -> list[Region]:
    """The kept faces as shares of the picture."""
    found = []
    for face in picture.kept_faces:
        box = face.box.clip(picture.width, picture.height)
        if box is not None:
            (x, y), w, h = box.centre, picture.width, picture.height
            found.append(Region(x / w, y / h, box.w / w, box.h / h, face.name))
    return found


def read_xmp(folder: Path) -> Annotations:
    """The face regions of all pictures in a folder, in pixels of each. Raises DataError where no picture has any."""
    pictures = []
    for path in files_in(folder):
        try:
            if not formats.is_picture(read_head(path)):
                continue
            data = read_bytes(path)
            width, height = shown_size(data)
        except PictureError:
            continue
        side = path.with_name(path.name + SIDECAR)
        regions = picture_regions(data)
        if not regions and is_file(side):
            regions = read_regions(read_bytes(side), width, height)
        if regions:
            boxes = tuple(NamedBox(region_box(r, width, height), r.name) for r in regions)
            pictures.append(AnnotatedPicture(path.relative_to(folder).as_posix(), boxes, width, height))
    if not pictures:
        raise DataError(
            f"No picture in {folder} has face regions (XMP, as digiKam and Lightroom write them). Have that program "
            "write them into the files, or name a COCO file (.json) or a folder of YOLO labels."
        )
    return Annotations(tuple(pictures), tuple({b.name: None for p in pictures for b in p.boxes if b.name}))


def region_box(region: Region, width: int, height: int) -> Box:
    """A region in pixels of the picture as it is shown."""
    return Box.from_centre(region.x * width, region.y * height, region.w * width, region.h * height)


def _outputs(path: str, picture: PictureRecord, source: Path) -> list[Output]:
    copy = copied(path, source)
    regions = regions_of(picture)
    plain = regions_xmp(regions, picture.width, picture.height)
    if not _holds_xmp(source):
        return [copy, text_file(path + SIDECAR, plain.decode())]

    def write(target: Path) -> None:
        data = read_bytes(source)
        with opened(data, source.name) as image:
            turn = orientation_of(image)
        changed = with_xmp(data, regions_xmp(regions, picture.width, picture.height, turn))
        target.write_bytes(data if changed is None else changed)

    return [Output(path, copy.size + len(plain), write)]


def _holds_xmp(source: Path) -> bool:
    head = read_head(source)
    return head.startswith((b"\xff\xd8", b"\x89PNG\r\n\x1a\n")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
