"""What a data set is made of: pictures, the faces on them, where each came from and which part it belongs to.

Values that know no catalogue: whoever has them can write any of the formats beside this module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.imaging.boxes import Box
from core.workspace.states import FaceState, Part

UNNAMED = "face"
"""What a face that nobody has named is called in files; read back it names nobody."""

PARTS = {Part.TRAIN: "train", Part.VALIDATION: "validation", Part.STRANGER: "test"}
"""What the parts of the split are called in files: characters that were held out wholly are the test set."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a picture came from, and what may be done with it as far as is known."""

    source: str = ""
    query: str = ""
    picture_url: str = ""
    page_url: str = ""
    title: str = ""
    author: str = ""
    licence: str = ""
    rating: str = ""
    tags: tuple[str, ...] = ()
    fetched_at: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The tags that describe the picture: those without an address in them."""
        return tuple(tag for tag in self.tags if not tag.startswith("source:"))


@dataclass(frozen=True, slots=True)
class FaceRecord:
    """A face: its box in pixels of the picture, whose it is ("": not said) and the file of its crop.

    file None: the crop is not there. folder: a safe folder name for the character. part: states.Part, "" where the
    faces were not divided. state: states.FaceState.
    """

    id: int
    box: Box
    name: str = ""
    folder: str = ""
    series: str = ""
    file: Path | None = None
    part: str = ""
    state: str = FaceState.KEPT
    score: float = 0.0
    quality: float = 0.0
    detector: str = ""

    @property
    def kept(self) -> bool:
        return self.state == FaceState.KEPT


@dataclass(frozen=True, slots=True)
class PictureRecord:
    """A picture. file None: there is only a face that came cut out, or the file is not there.

    place: its path in the workspace. state, reason: states.PictureState and why. reviewed: a person has looked at it,
    so that no face on it means that there is none.
    """

    id: int
    place: str
    width: int
    height: int
    file: Path | None = None
    name: str = ""
    folder: str = ""
    series: str = ""
    kind: str = "picture"
    state: str = "kept"
    reason: str = ""
    reviewed: bool = False
    sha256: str = ""
    origin: Origin = Origin()
    faces: tuple[FaceRecord, ...] = ()

    @property
    def kept_faces(self) -> tuple[FaceRecord, ...]:
        return tuple(face for face in self.faces if face.kept)

    @property
    def label(self) -> str:
        """A file name without its ending that no other picture of the data set has."""
        return f"{self.id:06d}_{Path(self.place).stem}"


@dataclass(frozen=True)
class DataSet:
    """Everything that may be exported. missing: files that are not there."""

    name: str
    pictures: tuple[PictureRecord, ...]
    missing: tuple[str, ...] = ()

    @property
    def kept(self) -> tuple[PictureRecord, ...]:
        """The pictures that were kept, those that are only a cut-out face included."""
        return tuple(picture for picture in self.pictures if picture.state == "kept")

    @property
    def whole(self) -> tuple[PictureRecord, ...]:
        """The kept pictures whose file is there."""
        return tuple(picture for picture in self.kept if picture.file is not None)

    def faces(self) -> Iterator[tuple[PictureRecord, FaceRecord]]:
        """Kept faces with a name and a file, and the picture of each."""
        for picture in self.kept:
            for face in picture.kept_faces:
                if face.name and face.file is not None:
                    yield picture, face

    @property
    def divided(self) -> bool:
        """Whether any face is in a part of the split."""
        return any(face.part for picture in self.kept for face in picture.kept_faces)


def counted(n: int, noun: str) -> str:
    """`1 face`, `1,200 faces`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def face_parts(data: DataSet) -> tuple[list[tuple[str, PictureRecord, FaceRecord]], list[str]]:
    """Each face to write with the folder of its part, and notes about those that are left out.

    Where nothing was divided yet, everything is `train`; where something was, a face without a part stays out, for it
    may show what a validation face shows.
    """
    if not data.divided:
        return [("train", *pair) for pair in data.faces()], [NOT_DIVIDED] * (next(data.faces(), None) is not None)
    found = [(PARTS[Part(face.part)], p, face) for p, face in data.faces() if face.part in PARTS]
    aside = Counter(face.part for _, face in data.faces() if face.part not in PARTS)
    return found, _aside(aside, "face")


def picture_parts(data: DataSet) -> tuple[list[tuple[str, PictureRecord]], list[str]]:
    """Each picture to write with the folder of its part, and notes about those that are left out.

    A picture goes where its faces are; with faces in several parts to test before validation before train, so that
    nothing that is measured with was trained on. One without faces is a counterexample where a person has looked at it.
    """
    found, aside, unseen = [], Counter[str](), 0
    for picture in data.whole:
        faces = picture.kept_faces
        parts = {face.part for face in faces}
        known = [part for part in (Part.STRANGER, Part.VALIDATION, Part.TRAIN) if part in parts]
        if known:
            found.append((PARTS[known[0]], picture))
        elif faces and data.divided and any(face.name for face in faces):
            aside[Part.SPARE if Part.SPARE in parts else ""] += 1
        elif faces or picture.reviewed:
            found.append(("train", picture))
        else:
            unseen += 1
    notes = [] if data.divided or not found else [NOT_DIVIDED]
    notes += _aside(aside, "picture")
    if unseen:
        notes.append(f"{counted(unseen, 'picture')} left out: without a kept face, and nobody has looked.")
    ready_made = sum(picture.kind == "face" for picture in data.kept)
    if ready_made:
        notes.append(f"{counted(ready_made, 'face')} left out: cut out already, without a picture around.")
    return found, notes


NOT_DIVIDED = "The faces were not divided yet, so that all are training data. Balance divides them."


def _aside(aside: Counter[str], what: str) -> list[str]:
    notes = []
    if aside[Part.SPARE]:
        notes.append(f"{counted(aside[Part.SPARE], what)} left out: spare, Balance keeps them out of the training.")
    if aside[""]:
        notes.append(f"{counted(aside[''], what)} left out: not divided yet. Balance again to divide them.")
    return notes
