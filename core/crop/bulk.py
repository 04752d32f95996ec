"""Decisions about many faces at once, each one change that one undo takes back; and what leaving them open costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.workspace import faces as faces_of
from core.workspace.catalogue import Catalogue
from core.workspace.faces import Acts
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind, PictureState, ReviewState
from core.workspace.tables import Change, Face

ENOUGH = 5
"""Kept faces of a character below which training and recognising have little to go by."""


def best_of_each(faces: Sequence[Face]) -> tuple[list[Face], list[Face]]:
    """The best face of each picture, and the others, both in the given order; of each character of it, where a person
    has told them apart.

    Best: the one that a person or the machine kept already, else the highest score, else the larger.
    """
    best: dict[tuple[int, int | None], Face] = {}
    for face in faces:
        group = face.picture_id, face.character_id
        if group not in best or _goodness(face) > _goodness(best[group]):
            best[group] = face
    chosen = {f.id for f in best.values()}
    return [f for f in faces if f.id in chosen], [f for f in faces if f.id not in chosen]


def with_kept(catalogue: Catalogue, faces: Sequence[Face]) -> list[Face]:
    """The faces, and those kept already on the same pictures: they take part in the choice of the best."""
    given = {f.id for f in faces}
    pictures = sorted({f.picture_id for f in faces})
    kept = catalogue.faces(picture_id=pictures, state=FaceState.KEPT, copy_of=None) if pictures else []
    groups = {(f.picture_id, f.character_id) for f in faces}
    return [*faces, *(f for f in kept if f.id not in given and (f.picture_id, f.character_id) in groups)]


def keep_best_of_each(project: Project, faces: Sequence[Face]) -> Change | None:
    """Keep the best of the given faces on each picture and reject the others. Raises CatalogueError where one of them
    was decided elsewhere since it was read."""
    best, rest = best_of_each(faces)
    acts = Acts()
    acts.keep(best)
    acts.reject(rest, "other character")
    pictures = "1 picture" if len(best) == 1 else f"{len(best):,} pictures"
    return faces_of.decide(project, f"kept the best face of {pictures}, rejected {len(rest):,}", acts).change


def _goodness(face: Face) -> tuple[bool, float, float]:
    return face.state == FaceState.KEPT, face.score, face.w * face.h


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is left undecided: pictures, and faces proposed on them; and what there is without them.

    kept: faces that are used already. thin: characters with fewer than ENOUGH kept faces and how many each has, those
    that wait for proposals only.
    """

    pictures: int
    proposed: int
    kept: int
    thin: dict[str, int]


def waiting(catalogue: Catalogue) -> Waiting:
    """What skipping the rest of the review costs."""
    reviews = catalogue.counts("pictures", "review", kind=Kind.PICTURE, state=PictureState.KEPT)
    proposed = catalogue.counts("faces", state=FaceState.PROPOSED, copy_of=None)
    kept = catalogue.counts("faces", state=FaceState.KEPT, copy_of=None)
    thin = {
        c.name: kept.get(c.id, 0) for c in catalogue.characters() if c.id in proposed and kept.get(c.id, 0) < ENOUGH
    }
    pictures = reviews.get(ReviewState.NOTHING, 0) + reviews.get(ReviewState.LOOK, 0)
    return Waiting(pictures, sum(proposed.values()), sum(kept.values()), thin)
