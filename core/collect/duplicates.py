"""Pictures that repeat one another, side by side, and what a person says about them."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from sqlalchemy import select

from core.errors import DataError
from core.imaging.hashes import distance
from core.workspace import tables as t
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


@dataclass(frozen=True, slots=True)
class Repeats:
    """number: pairs there are; exact: those of them that are the same file. shown: those to look at, the least alike
    first, as there a mistake is likeliest; a picture that came again as the very same file has no file, and is none."""

    number: int = 0
    exact: int = 0
    shown: tuple[Pair, ...] = ()


def repeats(catalogue: Catalogue, character_id: int | None = None, *, limit: int) -> Repeats:
    """All pairs counted, and at most `limit` of them read; kept until somebody commits."""
    return catalogue.remembered(("repeats", character_id, limit), lambda: _read(catalogue, character_id, limit))


def _read(catalogue: Catalogue, character_id: int | None, limit: int) -> Repeats:
    aside, kept = t.pictures.alias("aside"), t.pictures.alias("kept")
    same, has_file = aside.c.sha256 == kept.c.sha256, aside.c.path != ""
    query = select(aside.c.id, kept.c.id, aside.c.phash, kept.c.phash, same, has_file)
    query = query.join_from(aside, kept, kept.c.id == aside.c.duplicate_of)
    query = query.where(aside.c.state == PictureState.DUPLICATE)
    if character_id is not None:
        query = query.where(aside.c.character_id == character_id)
    number = exact = 0
    least: list[tuple[int, int, int, bool]] = []  # a heap: the most alike of those to be shown first
    with catalogue.reading() as db:
        for aside_id, kept_id, one, other, is_same, is_there in db.execute(query):
            number, exact = number + 1, exact + is_same
            if is_there:
                pair = distance(int(one or "0", 16), int(other or "0", 16)), -aside_id, kept_id, bool(is_same)
                (heapq.heappush if len(least) < limit else heapq.heappushpop)(least, pair)
    read = {p.id: p for p in catalogue.pictures(ids={i for _, aside_id, i, _ in least for i in (-aside_id, i)})}
    shown = (Pair(read[-a], read[k], bits, is_same) for bits, a, k, is_same in sorted(least, reverse=True))
    return Repeats(number, exact, tuple(shown))


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
