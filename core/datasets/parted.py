"""What the formats of pictures with boxes share: pictures by part of the split, class names, copies of the files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.datasets.annotations import AnnotatedPicture, NamedBox
from core.datasets.outputs import Output, copied, provenance
from core.datasets.records import UNNAMED, DataSet, FaceRecord, PictureRecord, picture_parts


@dataclass(frozen=True)
class PartedPictures:
    """parts: `train`, `validation`, `test` -> pictures whose file_name is that of the copy in `images/<part>/`.

    names: of all classes, in order. files: the copies, and the table of where each came from.
    """

    parts: dict[str, list[AnnotatedPicture]]
    names: tuple[str, ...]
    files: tuple[Output, ...]
    notes: tuple[str, ...]

    @property
    def items(self) -> dict[str, int]:
        """How many pictures each part has."""
        return {part: len(pictures) for part, pictures in self.parts.items()}


def parted_pictures(data: DataSet) -> PartedPictures:
    """The pictures of a data set with the boxes of their kept faces, clipped to the picture."""
    found, notes = picture_parts(data)
    parts: dict[str, list[AnnotatedPicture]] = {}
    files: list[Output] = []
    rows = []
    for part, picture in found:
        assert picture.file is not None  # picture_parts takes no others
        name = f"{picture.label}{Path(picture.file).suffix}"
        boxes = tuple(named for face in picture.kept_faces if (named := _named(face, picture)))
        one = AnnotatedPicture(name, boxes, picture.width, picture.height, id=picture.id)
        parts.setdefault(part, []).append(one)
        files.append(copied(f"images/{part}/{name}", picture.file))
        rows.append((f"images/{part}/{name}", picture.name, picture.series, part, picture.origin))
    names = sorted({named.name for pictures in parts.values() for one in pictures for named in one.boxes})
    return PartedPictures(parts, tuple(names), (*files, provenance(rows)), tuple(notes))


def _named(face: FaceRecord, picture: PictureRecord) -> NamedBox | None:
    box = face.box.clip(picture.width, picture.height)
    about = {"detector": face.detector, "score": round(face.score, 4)}
    return None if box is None else NamedBox(box, face.name or UNNAMED, face.id, about)
