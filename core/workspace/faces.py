"""Every edit of a face: keep, reject, relabel, move, draw, enrol, divide, take back. Each act is one change to undo.

The same act has the same effect wherever it is asked for: a picture without an open proposal is done, and balancing
copies of a face that is no longer what it was are taken back in the same change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from core.errors import CatalogueError
from core.imaging.boxes import Box
from core.progress import Reporter, silent, track
from core.workspace import tables as t
from core.workspace.crops import Crop, cut
from core.workspace.history import Edit
from core.workspace.lone import add_lone_face
from core.workspace.moves import StagedFiles
from core.workspace.one_of import one_of
from core.workspace.project import Project
from core.workspace.recut import PictureReader, stage_crops
from core.workspace.states import LIVE_FACES, CharacterState, FaceState, Part, PictureState, ReviewState
from core.workspace.tables import Change, Character, Face, Picture
from core.workspace.transaction import BOX, StagedCrop, Transaction, transaction

REASONS = ("other character", "figurine", "cosplay", "logo", "blurred", "not a face", "duplicate")
"""What a person may say when rejecting; any other words are allowed too."""

_ENDS_COPIES = ("character_id", *BOX)


@dataclass(frozen=True)
class NewFace:
    """A face to be added: columns of `tables.Face`, what its file is named after, and its crop where it is kept.

    character: a name to be added with it, instead of values["character_id"].
    """

    values: Mapping[str, Any]
    stem: str
    crop: StagedCrop | None = None
    character: str = ""


@dataclass
class Acts:
    """Several acts that are one decision: collected first, then written by `decide`."""

    faces: dict[int, tuple[Face, dict[str, Any]]] = field(default_factory=dict)
    pictures: dict[int, dict[str, Any]] = field(default_factory=dict)
    new: list[NewFace] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    parts: dict[str, Sequence[int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.faces or self.pictures or self.new or self.parts)

    def keep(self, faces: Iterable[Face]) -> None:
        """Keep faces."""
        self._set(faces, state=FaceState.KEPT, reason="")

    def reject(self, faces: Iterable[Face], reason: str = "") -> None:
        """Reject faces; their crops go to the bin."""
        self._set(faces, state=FaceState.REJECTED, reason=reason)

    def relabel(self, faces: Iterable[Face], character: Character | str | None) -> None:
        """Give faces to a character (by name: it is added where it is new), or to nobody, and keep them."""
        faces = list(faces)
        self.keep(faces)
        if isinstance(character, str):
            self.names |= {face.id: character for face in faces}
        else:
            self._set(faces, character_id=None if character is None else character.id)

    def move(self, face: Face, box: Box) -> None:
        """Put a face's box elsewhere and keep it; its crop is cut again."""
        self.keep([face])
        self._set([face], **dict(zip(BOX, box.as_list(), strict=True)))

    def take_back(self, faces: Iterable[Face], reason: str = "") -> None:
        """Take faces back: what a detector found before, balancing copies, what came with a source."""
        self._set(faces, state=FaceState.REMOVED, **({"reason": reason} if reason else {}))

    def divide(self, face: Face, part: Part | str) -> None:
        """Say what a face is used for."""
        self._set([face], split=part)

    def divide_all(self, faces: Sequence[int], part: Part | str) -> None:
        """Say what these kept faces (their ids) are used for, millions of them too."""
        self.parts[part] = faces

    def enrol(self, faces: Iterable[Face], enrolled: bool = True) -> None:
        """Recognising compares with these faces, or no longer."""
        self._set(faces, enrolled=enrolled)

    def ignore(self, faces: Iterable[Face], ignored: bool = True) -> None:
        """Say that faces show nobody of this cast, or take that back."""
        self._set(faces, ignored=ignored)

    def found_at(self, face: Face, path: str, character_id: int | None) -> None:
        """A person moved a face's file, which gave it to another character."""
        self._set([face], path=path, character_id=character_id)

    def say_not(self, face: Face, character: Character) -> None:
        """Say that a face is not that character."""
        self._set([face], negatives=sorted({*face.negatives, character.id}))

    def set_picture(self, picture_id: int, **values: Any) -> None:
        """New values of a picture; its file follows its path."""
        self.pictures.setdefault(picture_id, {}).update(values)

    def add(self, face: NewFace) -> None:
        """Add a face."""
        self.new.append(face)

    def _set(self, faces: Iterable[Face], **values: Any) -> None:
        for face in faces:
            self.faces.setdefault(face.id, (face, {}))[1].update(values)


@dataclass(frozen=True)
class Decision:
    """What was written: the change (None where nothing changed) and the ids of the faces that were added."""

    change: Change | None
    added: tuple[int, ...] = ()


def decide(
    project: Project,
    action: str,
    acts: Acts,
    *,
    who: str = "person",
    settle: bool = True,
    staged: StagedFiles | None = None,
    also: Callable[[Transaction], None] | None = None,
    report: Reporter = silent,
) -> Decision:
    """Write acts as one change, files included. Where a person decided, pictures without an open proposal are done.

    staged: where the new faces' crops lie. also: what else belongs to the same transaction. Stage reported: `write`,
    in rows; cancelled, nothing is changed. Raises CatalogueError
    where a face was changed since it was read, PictureError where a crop that is needed cannot be cut.
    """
    with StagedFiles(project.workspace) as own:
        crops = stage_crops(project, ((i, after) for i, (_, after) in acts.faces.items()), staged or own)
        with transaction(project, who) as tx:
            added = write_acts(tx, acts, crops, report)
            if settle:
                touched = {face.picture_id for face, _ in acts.faces.values()}
                tx.settle(touched | {new.values["picture_id"] for new in acts.new})
            if also is not None:
                also(tx)
            change_id = tx.record(action)
    return Decision(project.catalogue.change_by_id(change_id) if change_id else None, tuple(added))


def write_acts(tx: Transaction, acts: Acts, crops: Mapping[int, StagedCrop], report: Reporter = silent) -> list[int]:
    """Write acts into an open transaction; the ids of the faces that were added."""
    rows = track(range(len(acts.faces) + len(acts.pictures) + len(acts.new)), report, "write")
    named = {name: tx.add_character(name).id for name in dict.fromkeys(acts.names.values())}
    for part, faces in acts.parts.items():
        tx.divide(faces, part)
    ended = []
    for face_id, (face, after) in acts.faces.items():
        next(rows)
        if face_id in acts.names:
            after = after | {"character_id": named[acts.names[face_id]]}
        gone = after.get("state") in (FaceState.REJECTED, FaceState.REMOVED)
        if gone or any(key in after and after[key] != getattr(face, key) for key in _ENDS_COPIES):
            ended.append(face_id)
        if face.state == FaceState.REMOVED and after.get("state", FaceState.REMOVED) != FaceState.REMOVED:
            _check_owner(tx, face, after)
        tx.edit(Edit("faces", face_id, after, face.revision), crops.get(face_id))
    _end_copies(tx, ended)
    for picture_id, after in acts.pictures.items():
        next(rows)
        tx.edit(Edit("pictures", picture_id, after))
    added = []
    for new in acts.new:
        next(rows)
        values = dict(new.values)
        if new.character:
            values["character_id"] = tx.add_character(new.character).id
        added.append(tx.add_face(values, new.stem, new.crop))
    return added


def _check_owner(tx: Transaction, face: Face, after: Mapping[str, Any]) -> None:
    """Raises CatalogueError where a face would come back to a character that is gone, whom no page shows."""
    owner_id = after.get("character_id", face.character_id)
    query = select(t.characters.c.name).where(t.characters.c.id == owner_id)
    name = tx.db.execute(query.where(t.characters.c.state == CharacterState.REMOVED)).scalar()
    if name is not None:
        raise CatalogueError(f"Face {face.id} was removed with {name}. Say whose it is now, or `undo` the removal.")


def _end_copies(tx: Transaction, originals: Sequence[int]) -> None:
    query = select(t.faces.c.id).where(one_of(t.faces.c.copy_of, originals), t.faces.c.state == FaceState.KEPT)
    for copy_id in tx.db.execute(query).scalars().all() if originals else ():
        tx.edit(Edit("faces", copy_id, {"state": FaceState.REMOVED}))


# what a person does


def keep(project: Project, faces: Sequence[Face]) -> Change | None:
    """Keep faces. With faces that a detector kept already it says that a person agrees: the picture is done."""
    acts = Acts()
    acts.keep(faces)
    return decide(project, f"kept {_many(faces)}", acts).change


def reject(project: Project, faces: Sequence[Face], reason: str = "") -> Change | None:
    """Reject faces with a reason."""
    acts = Acts()
    acts.reject(faces, reason)
    return decide(project, f"rejected {_many(faces)}" + (f": {reason}" if reason else ""), acts).change


def relabel(project: Project, faces: Sequence[Face], character: Character | str) -> Change | None:
    """Say whose faces these are, and keep them. A name that is new becomes a character in the same change."""
    acts = Acts()
    acts.relabel(faces, character)
    name = character if isinstance(character, str) else character.name
    return decide(project, f"{_many(faces)} named {name}", acts).change


def move(project: Project, face: Face, box: Box) -> Change | None:
    """Put a face's box elsewhere and keep it."""
    acts = Acts()
    acts.move(face, box)
    return decide(project, "moved a box", acts).change


def keep_only(project: Project, face: Face, others: Sequence[Face]) -> Change | None:
    """Keep one face and reject the others: the answer to several faces in a picture of one character."""
    acts = Acts()
    acts.keep([face])
    acts.reject(others, "other character")
    return decide(project, f"kept one face of {1 + len(others)}", acts).change


def reject_picture(project: Project, picture: Picture, reason: str = "no face") -> Change | None:
    """Set a picture aside with all its faces: nothing in it is of use."""
    acts = Acts()
    acts.set_picture(picture.id, state=PictureState.REJECTED, reason=reason, review=ReviewState.DONE)
    acts.reject(project.catalogue.faces(picture_id=picture.id, state=LIVE_FACES, copy_of=None), reason)
    return decide(project, f"set a picture aside: {reason}", acts).change


def draw(project: Project, picture: Picture, character: Character, box: Box) -> Face:
    """A face that a person drew: kept, cut and recorded; undoing sets it to removed."""
    with StagedFiles(project.workspace) as staged:
        acts = Acts()
        acts.add(drawn(PictureReader(project), picture, character, box, staged))
        done = decide(project, f"drew a face of {character.name}", acts, staged=staged)
    return project.catalogue.face(done.added[0])


def drawn(
    pictures: PictureReader, picture: Picture, character: Character | str | None, box: Box, staged: StagedFiles
) -> NewFace:
    """A kept face with a box that a person gave, its crop staged. Raises PictureError where it cannot be cut."""
    crop = cut(pictures.of(picture.id), box)
    by_name = character if isinstance(character, str) else ""
    own = character.id if isinstance(character, Character) else None
    values: dict[str, Any] = dict(zip(BOX, box.as_list(), strict=True))
    values |= {"picture_id": picture.id, "character_id": own}
    values |= {"detector": "person", "score": 1.0, "state": FaceState.KEPT}
    return NewFace(values, stem_of(picture), StagedCrop(staged.add(crop.data), crop.hashes), by_name)


def take_in(
    project: Project, character: Character, rgb: np.ndarray, *, stem: str, source: str, who: str = "person"
) -> Face:
    """Keep a crop (uint8 HxWx3) that comes alone as a face of a character; `stem` names its file."""
    crop = Crop.of(rgb)
    with StagedFiles(project.workspace) as staged:
        path = staged.add(crop.data)
        with transaction(project, who) as tx:
            face_id = add_lone_face(tx, character.id, StagedCrop(path, crop.hashes), rgb.shape, stem, source)
            tx.record(f"{character.name}: a face taken in")
    return project.catalogue.face(face_id)


def stem_of(picture: Picture) -> str:
    """What the files of a picture's faces are named after."""
    return Path(picture.path).stem or f"picture{picture.id}"


def _many(faces: Sequence[Face]) -> str:
    return "a face" if len(faces) == 1 else f"{len(faces)} faces"
