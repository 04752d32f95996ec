"""What a person says of a face that was recognised wrongly: not this one, nobody of this cast, no face, yet to name.

Each is one change that undo takes back. A face of the workspace is edited; a crop that comes alone is taken in,
unnamed, so that recognising can compare with it from then on. The same crop corrected again stays one face.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from core.errors import DataError
from core.workspace.crops import Crop
from core.workspace.faces import Acts, write_acts
from core.workspace.folders import slug
from core.workspace.lone import LoneFace, add_lone_face, same_crop
from core.workspace.moves import StagedFiles
from core.workspace.project import Project
from core.workspace.recut import stage_crops
from core.workspace.states import FaceState
from core.workspace.tables import Change, Character, Face
from core.workspace.transaction import StagedCrop, transaction

NO_FACE = "not a face"
"""The reason of rejected faces that recognising passes over from then on."""
STEM = "corrected"

Item = int | LoneFace
"""A face of the workspace by its id, or a crop that comes alone."""


def not_this(project: Project, items: Sequence[Item], character: str | Character) -> Change | None:
    """Say that faces are not that character. One that was given to it becomes unnamed."""
    who = project.catalogue.character(character) if isinstance(character, str) else character

    def act(acts: Acts, face: Face) -> None:
        acts.say_not(face, who)
        if face.character_id == who.id:
            acts.relabel([face], None)

    return _correct(project, items, f"not {who.name}", act, {"negatives": [who.id]})


def not_in_cast(project: Project, items: Sequence[Item]) -> Change | None:
    """Say that faces show nobody of this cast: they are ignored, and faces like them are recognised as such."""
    return _correct(project, items, "not in the cast", lambda acts, face: acts.ignore([face]), {"ignored": True})


def not_a_face(project: Project, items: Sequence[Item]) -> Change | None:
    """Say that these are no faces: they are rejected, and what looks like them is passed over."""
    new = {"state": FaceState.REJECTED, "reason": NO_FACE}
    return _correct(project, items, NO_FACE, lambda acts, face: acts.reject([face], NO_FACE), new)


def to_be_named(project: Project, items: Sequence[Item]) -> Change | None:
    """Take crops in as unnamed faces, to be grouped and named; what is there already stays as it is."""
    return _correct(project, items, "to be named", lambda acts, face: None, {})


def _correct(
    project: Project,
    items: Sequence[Item],
    words: str,
    act: Callable[[Acts, Face], None],
    new: Mapping[str, object],
) -> Change | None:
    """One change: `act` on the faces that are there, lone ones added with the values `new`."""
    if not items:
        raise DataError("Choose at least one face to correct.")
    crops = {i: Crop.of(item.rgb) for i, item in enumerate(items) if isinstance(item, LoneFace)}
    acts, lone = Acts(), {}
    for i, item in enumerate(items):
        if isinstance(item, LoneFace):
            there = same_crop(project.catalogue, crops[i].sha256, states=(FaceState.KEPT, FaceState.REJECTED))
        else:
            there = project.catalogue.face(item)
        if there is not None:
            act(acts, there)
        elif isinstance(item, LoneFace):
            lone[crops[i].sha256] = item, crops[i]
    with StagedFiles(project.workspace) as staged:
        cuts = stage_crops(project, ((i, after) for i, (_, after) in acts.faces.items()), staged)
        files = {sha: staged.add(crop.data) for sha, (_, crop) in lone.items()}
        with transaction(project) as tx:
            write_acts(tx, acts, cuts)
            for sha, (item, crop) in lone.items():
                where = StagedCrop(files[sha], crop.hashes)
                stem = slug(item.stem if item.stem != "enrolled" else STEM)
                source = item.source if item.source != "enrolled" else STEM
                add_lone_face(tx, None, where, item.rgb.shape, stem, source, framing=item.framing, **new)
            change = tx.record(f"{'a face' if len(items) == 1 else f'{len(items)} faces'}: {words}")
    return None if change is None else project.catalogue.change_by_id(change)
