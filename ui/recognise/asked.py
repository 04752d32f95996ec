"""What this tab asked about: pictures with their faces as embedded, what is chosen and picked. It outlives the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import streamlit as st

from core.errors import PictureError
from core.imaging.hashes import sha256
from core.imaging.reading import read_picture, thumbnail
from core.recognise.answer_rows import Row, rows_of_picture
from core.recognise.batch import Answered
from core.recognise.pictures import RecognisedFace, judged_together
from core.recognise.queries import Query
from core.recognise.recogniser import Recogniser
from core.recognise.seen_before import with_seen
from core.recognise.threshold import Threshold
from core.workspace.catalogue import Catalogue
from core.workspace.project import Project
from ui.common.language import _

SHOWN = 900
"""Pixels: the longer side at which a picture is kept to be shown."""
TOGETHER = 8
"""Pictures that are looked at in one go, between two steps of the progress bar."""


@dataclass(frozen=True)
class Unread:
    """A picture in a zip that cannot be had. name: in the zip; reason: why, as a sentence."""

    name: str
    reason: str

    def read(self) -> np.ndarray:
        raise PictureError(self.reason)


@dataclass(frozen=True)
class AskedPicture:
    """A picture and the faces on it. key: from its bytes; data: these, or the file or zip that it is read from again.

    small: its pixels as shown, uint8 HxWx3; scale: shown side over the side of the picture, whose pixels boxes are in.
    made_by: the encoder's digest and whether the picture was taken for a face; None until it was looked at.
    """

    key: str
    name: str
    data: bytes | Query | Unread
    faces: tuple[RecognisedFace, ...] = ()
    small: np.ndarray | None = None
    scale: float = 1.0
    error: str = ""
    made_by: tuple[str, bool] | None = None

    def read(self) -> np.ndarray:
        """Its pixels, uint8 HxWx3. Raises PictureError."""
        return read_picture(self.data, name=self.name) if isinstance(self.data, bytes) else self.data.read()

    def answered(self) -> Answered:
        """As the commands know it."""
        return Answered(Query(self.name, Path(self.name)), self.small, self.faces, self.error)

    def with_seen(self, catalogue: Catalogue) -> AskedPicture:
        """With what is enrolled by now: each face says whether it or the picture is."""
        return self if self.small is None else replace(self, faces=tuple(with_seen(catalogue, self.faces, self.small)))

    def rows(self) -> list[Row]:
        """Its rows in the table."""
        whole = self.name if isinstance(self.data, bytes) else self.data.name
        return rows_of_picture(self.key, self.name, self.answered().as_dict(), whole)


@dataclass(frozen=True)
class Done:
    """Something that was corrected here. words: what was said, as a sentence; changes: ids of what undo takes back;
    before: the picture as it was before a box was drawn by hand, which is no change of the workspace; unnamed: faces
    were taken in to be named on Characters."""

    words: str
    changes: tuple[int, ...] = ()
    before: AskedPicture | None = None
    unnamed: bool = False


@dataclass
class Asking:
    """One tab's questions in one workspace. chosen: the row whose evidence is open; picked: the rows picked for
    something to be done with many; done: what was corrected, the newest last; added: counts what came in; edits:
    counts what was corrected."""

    pictures: dict[str, AskedPicture] = field(default_factory=dict)
    chosen: str = ""
    picked: set[str] = field(default_factory=set)
    done: list[Done] = field(default_factory=list)
    added: int = 0
    edits: int = 0

    def add(self, given: Sequence[tuple[str, bytes | Query | Unread]]) -> None:
        """Take pictures in; one that is there already is not asked twice. The first new one is opened."""
        first = ""
        for name, data in given:
            key = sha256(data)[:16] if isinstance(data, bytes) else sha256(data.name.encode())[:16]
            if key not in self.pictures:
                self.pictures[key] = AskedPicture(key, name, data)
            first = first or f"{key}:1"
        self.chosen, self.added = first or self.chosen, self.added + 1

    def remove(self, keys: Sequence[str]) -> None:
        """Forget pictures."""
        for key in keys:
            self.pictures.pop(key, None)
        self.picked = {row for row in self.picked if row.rpartition(":")[0] in self.pictures}

    def face(self, row: Row) -> RecognisedFace:
        """The face of a row."""
        return self.pictures[row.key].faces[row.face - 1]


def asking_of(project: Project, batch: str = "") -> Asking:
    """What this tab asked about in this workspace; batch: what it opened of that batch."""
    mine: dict[tuple[str, str], Asking] = st.session_state.setdefault("asking", {})
    return mine.setdefault((str(project.workspace.root), batch), Asking())


def look(asking: Asking, recogniser: Recogniser, digest: str, is_face: bool) -> None:
    """Find and embed the faces on the pictures that this encoder has not looked at yet."""
    made_by = digest, is_face
    new = [one for one in asking.pictures.values() if one.made_by != made_by]
    if not new:
        return
    progress = st.progress(0.0, text=_("Looking at the pictures …")) if len(new) > 1 else None
    for start in range(0, len(new), TOGETHER):
        for one in _looked_at(new[start : start + TOGETHER], recogniser, is_face):
            asking.pictures[one.key] = replace(one, made_by=made_by)
        if progress is not None:
            n = min(start + TOGETHER, len(new))
            progress.progress(n / len(new), text=_("{n:,} of {total:,} pictures", n=n, total=len(new)))
    if progress is not None:
        progress.empty()


def judge(asking: Asking, recogniser: Recogniser, threshold: Threshold, repeated: bool) -> None:
    """Answer again for every face: at another threshold, or after somebody was enrolled or corrected."""
    asked = list(asking.pictures.values())
    found = judged_together([one.faces for one in asked], recogniser.gallery, threshold, repeated=repeated)
    for one, faces in zip(asked, found, strict=True):
        asking.pictures[one.key] = replace(one, faces=tuple(faces))


def _looked_at(asked: Sequence[AskedPicture], recogniser: Recogniser, is_face: bool) -> list[AskedPicture]:
    pictures: list[np.ndarray] = []
    found: list[AskedPicture] = []
    for one in asked:
        try:
            rgb = one.read()
        except PictureError as error:
            found.append(replace(one, faces=(), small=None, error=str(error)))
            continue
        pictures.append(rgb)
        small = thumbnail(rgb, SHOWN)
        found.append(replace(one, small=small, scale=small.shape[1] / rgb.shape[1], error="", faces=()))
    answers = iter(recogniser.ask_many(pictures, is_face_crop=is_face or None) if pictures else ())
    return [one if one.error else replace(one, faces=tuple(next(answers))) for one in found]
