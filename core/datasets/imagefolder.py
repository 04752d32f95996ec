"""Faces as torchvision's ImageFolder reads them: a folder for each part, in it one for each character."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath

from core.datasets.outputs import Output, Plan, copied, filled, provenance, text_file
from core.datasets.records import DataSet, FaceRecord, PictureRecord, face_parts
from core.datasets.tables import table_text
from core.workspace.folders import unique


def plan_imagefolder(data: DataSet) -> Plan:
    """`train/`, `validation/` and `test/` with a folder of faces for each character; `characters.csv` has their names.

    Raises DataError where there is no face.
    """
    placed, notes = placed_faces(data)
    outputs: list[Output] = [copied(path, face.file) for path, _, _, face in placed if face.file is not None]
    names = sorted({(face.folder, face.name, face.series) for _, _, _, face in placed})
    outputs.append(text_file("characters.csv", table_text(("folder", "character", "series"), names)))
    outputs.append(provenance((path, face.name, face.series, part, p.origin) for path, part, p, face in placed))
    items = Counter(part for _, part, _, _ in placed)
    return filled(Plan(tuple(outputs), dict(items), tuple(notes)), data, "faces")


def placed_faces(data: DataSet) -> tuple[list[tuple[str, str, PictureRecord, FaceRecord]], list[str]]:
    """(path, part, picture, face) of each face to write; no two paths are alike. And notes about what is left out."""
    parted, notes = face_parts(data)
    taken: set[str] = set()
    placed = []
    for part, picture, face in parted:
        assert face.file is not None  # face_parts takes no others
        file = PurePath(face.file.name)
        path = unique(f"{part}/{face.folder}/{file.stem}", taken, file.suffix)
        taken.add(path.casefold())
        placed.append((path, part, picture, face))
    return placed, notes
