"""A data set of four pictures that a person can check: Rei in training, Asuka in validation, a stranger, and nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.datasets.records import DataSet, FaceRecord, Origin, PictureRecord
from core.imaging.boxes import Box
from core.imaging.reading import encode_jpeg
from core.workspace.states import Part
from tests.conftest import noise

FACE = Box(40, 30, 20, 20)
ORIGIN = Origin(
    source="danbooru",
    page_url="https://board.example/posts/1",
    author="=cmd()",
    licence="CC BY 4.0",
    rating="general",
    tags=("1girl", "blue_hair", "^_^", "source:https://artist.example/1"),
)


def write(path: Path, seed: int, width: int = 160, height: int = 120) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_jpeg(noise(seed, height, width)))
    return path


def face(tmp_path: Path, number: int, name: str, part: str, box: Box = FACE, **values) -> FaceRecord:
    folder = name.replace(" ", "_")
    file = write(tmp_path / "faces" / (folder or "unnamed") / "001_1.jpg", number, 40, 40) if name else None
    return FaceRecord(number, box, name, folder, "Eva" if name else "", file, part, score=0.9, **values)


def picture(tmp_path: Path, number: int, name: str, *faces: FaceRecord, **values) -> PictureRecord:
    folder = name.replace(" ", "_")
    place = f"pictures/{folder}/001.jpg"
    file = write(tmp_path / place, 100 + number)
    given = {"origin": ORIGIN, "series": "Eva", **values}
    return PictureRecord(number, place, 160, 120, file, name, folder, faces=faces, **given)


@pytest.fixture
def data(tmp_path) -> DataSet:
    made = tmp_path / "made"
    rei = face(made, 11, "Rei A", Part.TRAIN)
    asuka = face(made, 12, "Asuka", Part.VALIDATION)
    stranger = face(made, 13, "Kaworu", Part.STRANGER, Box(100.5, 10, 30, 40))
    nobody = face(made, 14, "", Part.TRAIN, Box(0, 0, 16, 12))
    pictures = (
        picture(made, 1, "Rei A", rei, nobody),
        picture(made, 2, "Asuka", asuka),
        picture(made, 3, "Kaworu", stranger),
        picture(made, 4, "Empty", reviewed=True),
        picture(made, 5, "Unseen"),
    )
    return DataSet("test", pictures)
