"""Pictures that repeat one another, side by side, and what a person says about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.errors import DataError
from core.imaging.hashes import distance
from core.workspace.catalogue import Catalogue
from core.workspace.faces import Acts, decide
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind, PictureState
from core.workspace.tables import Change, Picture


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture that was set aside, and the kept one that it repeats. `bits` of 64 differ; `exact`: the same file."""

    aside: Picture
    kept: Picture
    bits: int
    exact: bool


def pairs(catalogue: Catalogue, character_id: int | None = None) -> list[Pair]:
    """All pairs, those that are least alike first: there a mistake is likeliest."""
    equal: dict[str, Any] = {} if character_id is None else {"character_id": character_id}
    aside = catalogue.pictures(state=PictureState.DUPLICATE, **equal)
    kept: dict[int | None, Picture] = {
        p.id: p for p in catalogue.pictures(ids={p.duplicate_of for p in aside if p.duplicate_of})
    }
    found = []
    for picture in aside:
        other = kept.get(picture.duplicate_of)
        if other is not None:
            bits = distance(int(picture.phash or "0", 16), int(other.phash or "0", 16))
            found.append(Pair(picture, other, bits, picture.sha256 == other.sha256))
    return sorted(found, key=lambda pair: (-pair.bits, pair.aside.id))


def not_a_duplicate(project: Project, picture_id: int) -> Change | None:
    """A person says that a picture was set aside wrongly: it is kept; undoable.

    Raises DataError for a picture that was not set aside, or whose file is the same as the other's.
    """
    picture = _aside(project.catalogue, picture_id)
    if not picture.path:
        raise DataError(f"Picture {picture_id} is the very same file as picture {picture.duplicate_of}.")
    acts = Acts()
    _take(acts, picture)
    return decide(project, f"picture {picture.id} is not a duplicate", acts, settle=False).change


def keep_this_one(project: Project, picture_id: int) -> Change | None:
    """A person prefers the one that was set aside: the two change places; undoable.

    Raises DataError where that cannot be: the same file, or the kept one's faces are decided already.
    """
    picture = _aside(project.catalogue, picture_id)
    assert picture.duplicate_of is not None  # it was set aside for one
    other = project.catalogue.picture(picture.duplicate_of)
    if not picture.path:
        raise DataError(f"Picture {picture_id} is the very same file as picture {other.id}.")
    if other.kind != Kind.PICTURE or project.catalogue.faces(
        picture_id=other.id, state=(FaceState.KEPT, FaceState.REJECTED)
    ):
        raise DataError(f"Faces of picture {other.id} are decided already. Reject them first, then choose again.")
    acts = Acts()
    why = f"looks like picture {picture.id}"
    aside = {"state": PictureState.DUPLICATE, "path": f"bin/{other.path}", "reason": why}
    acts.set_picture(other.id, **aside, duplicate_of=picture.id)
    _take(acts, picture)
    for repeated in project.catalogue.pictures(duplicate_of=other.id, state=PictureState.DUPLICATE):
        if repeated.id != picture.id:
            acts.set_picture(repeated.id, duplicate_of=picture.id)
    return decide(project, f"picture {picture.id} kept in place of {other.id}", acts, settle=False).change


def _take(acts: Acts, picture: Picture) -> None:
    path = picture.path.removeprefix("bin/")
    acts.set_picture(picture.id, state=PictureState.KEPT, reason="", duplicate_of=None, path=path)


def _aside(catalogue: Catalogue, picture_id: int) -> Picture:
    picture = catalogue.picture(picture_id)
    if picture.state != PictureState.DUPLICATE:
        raise DataError(f"Picture {picture_id} is {picture.state}, not set aside as a duplicate.")
    return picture
