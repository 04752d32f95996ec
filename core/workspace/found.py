"""What a detector found on pictures, entered: new faces added, those that it finds no more taken back.

Finding the same again changes nothing, so that a crop that was stopped anywhere is simply run again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from core.workspace.faces import Acts, NewFace, write_acts
from core.workspace.history import DETECTOR, MACHINES
from core.workspace.project import Project
from core.workspace.states import LIVE_FACES, FaceState, PictureState, ReviewState
from core.workspace.tables import Face, Picture
from core.workspace.transaction import BOX, transaction

SAME_BOX = 0.01
"""Pixels by which a box found again may differ from the one in the catalogue."""


@dataclass(frozen=True)
class FoundPicture:
    """A picture that a detector has seen: the review state that follows, and the faces that it found. One without a
    character_id is its picture's character's."""

    picture_id: int
    review: ReviewState
    faces: tuple[NewFace, ...] = ()


def add_found(project: Project, found: Sequence[FoundPicture], waiting: Collection[ReviewState]) -> dict[str, int]:
    """Enter a batch as one write; the crops of kept faces are staged already.

    A picture is passed over where its review is not one of `waiting` any more, or a person decided about a face on it.
    Its faces are those of whoever it belongs to now; one that is said to be a character's who is gone is nobody's.
    Returns how many pictures came to each review state, and how many faces are `kept` and `proposed` on them.
    """
    counts = dict.fromkeys((ReviewState.SURE, ReviewState.LOOK, ReviewState.NOTHING, "kept", "proposed"), 0)
    ids = [one.picture_id for one in found]
    with transaction(project, DETECTOR) as tx:
        kept = project.catalogue.pictures(ids=ids, state=PictureState.KEPT, review=tuple(waiting))
        pictures = {picture.id: picture for picture in kept}
        cast = {character.id for character in project.catalogue.characters()}
        there: dict[int, list[Face]] = {picture_id: [] for picture_id in ids}
        for face in project.catalogue.faces(picture_id=ids, copy_of=None):
            there[face.picture_id].append(face)
        acts = Acts()
        for one in found:
            old = there[one.picture_id]
            if one.picture_id not in pictures or any(f.decided_by not in MACHINES for f in old):
                continue
            faces = [_of_today(face, pictures[one.picture_id], cast) for face in one.faces]
            _match(acts, faces, [f for f in old if f.decided_by == DETECTOR and f.state in LIVE_FACES])
            acts.set_picture(one.picture_id, review=one.review)
            counts[one.review] += 1
            for state in (FaceState.KEPT, FaceState.PROPOSED):
                counts[state] += sum(face.values["state"] == state for face in faces)
        write_acts(tx, acts, {})
        tx.record(f"faces found in {len(found)} pictures")
    return counts


def _of_today(face: NewFace, picture: Picture, cast: Collection[int]) -> NewFace:
    """The same face as whose it is by now: a look takes its time. cast: the ids of all characters."""
    said = face.values.get("character_id")
    whose = picture.character_id if said is None else said if said in cast else None
    return replace(face, values={**face.values, "character_id": whose})


def _match(acts: Acts, found: Sequence[NewFace], old: list[Face]) -> None:
    """Add what is new and take back what is found no more; what is found again stays as it is."""
    left = list(old)
    for face in found:
        same = next((f for f in left if _is_same(f, face)), None)
        if same is None:
            acts.add(face)
        else:
            left.remove(same)
    acts.take_back(left)


def _is_same(old: Face, new: NewFace) -> bool:
    values = new.values
    same = (old.state, old.detector, old.character_id) == tuple(
        values[k] for k in ("state", "detector", "character_id")
    )
    return same and all(abs(getattr(old, key) - values[key]) <= SAME_BOX for key in BOX)
