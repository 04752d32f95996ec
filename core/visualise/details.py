"""What is known of the faces of a map besides their place: by what points are coloured, found and described."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from sqlalchemy import select

from core.workspace import tables as t
from core.workspace.catalogue import Catalogue
from core.workspace.states import Part
from core.workspace.tables import Face

GROUPINGS = {
    "character": "Character",
    "series": "Series",
    "split": "Split",
    "source": "Source",
    "verdict": "Verdict",
}
"""By what the points of a map are coloured: its key, and what it is called."""

SPLITS = {
    Part.TRAIN: "training",
    Part.VALIDATION: "validation",
    Part.STRANGER: "unknown identity",
    Part.SPARE: "left out",
}
NO_SPLIT, NO_SERIES, NO_SOURCE = "not divided", "no series", "no source"


@dataclass(frozen=True)
class FaceDetails:
    """Of each face of a map, in its order: its character, the series of that, the source and the file's name of its
    picture, its split in words. Nothing is empty but the file of a face whose picture has none."""

    characters: tuple[str, ...]
    series: tuple[str, ...]
    sources: tuple[str, ...]
    splits: tuple[str, ...]
    files: tuple[str, ...]

    def values(self, grouping: str) -> tuple[str, ...]:
        """The values of a grouping, one for each face: `character`, `series`, `split` or `source`."""
        columns = {
            "character": self.characters,
            "series": self.series,
            "split": self.splits,
            "source": self.sources,
        }
        return columns[grouping]


def face_details(catalogue: Catalogue, faces: Sequence[Face], labels: Sequence[str]) -> FaceDetails:
    """The details of faces that bear these names. Two queries, however many faces."""
    with catalogue.reading() as db:
        columns = t.pictures.c.id, t.pictures.c.source, t.pictures.c.path
        picture_of = {row.id: (row.source, row.path) for row in db.execute(select(*columns))}
    series_of = {character.name: character.series for character in catalogue.characters()}
    pictures = [picture_of[face.picture_id] for face in faces]
    return FaceDetails(
        tuple(labels),
        tuple(series_of.get(label) or NO_SERIES for label in labels),
        tuple(source or NO_SOURCE for source, _ in pictures),
        tuple(SPLITS.get(Part(face.split), NO_SPLIT) if face.split else NO_SPLIT for face in faces),
        tuple(PurePosixPath(path or face.path).name for face, (_, path) in zip(faces, pictures, strict=True)),
    )


def find_faces(details: FaceDetails, words: str) -> np.ndarray:
    """The places of the faces for which every word occurs in character, series or file, whatever its case: int (m,).

    No words find nothing.

    >>> of = FaceDetails(("Rei", "Asuka"), ("Eva", "Eva"), ("web", "web"), ("training",) * 2, ("a.jpg", "b.jpg"))
    >>> find_faces(of, "eva A.JPG").tolist(), find_faces(of, " ").tolist()
    ([0], [])
    """
    wanted = _folded(words).split()
    if not wanted:
        return np.array([], np.int64)
    series = ("" if one == NO_SERIES else one for one in details.series)
    rows = zip(details.characters, series, details.files, strict=True)
    known: dict[str, str] = {}
    found = []
    for place, row in enumerate(rows):
        text = "\n".join(row)
        folded = known.get(text) or known.setdefault(text, _folded(text))
        if all(word in folded for word in wanted):
            found.append(place)
    return np.array(found, np.int64)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
