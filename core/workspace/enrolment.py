"""Who recognising compares with: faces enrolled as a known or new character, all of them as one change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.workspace.chosen import chosen_faces
from core.workspace.crops import Crop
from core.workspace.faces import Acts, write_acts
from core.workspace.folders import slug
from core.workspace.history import Edit
from core.workspace.lone import LoneFace, add_lone_face, same_crop
from core.workspace.moves import StagedFiles
from core.workspace.project import Project
from core.workspace.recut import stage_crops
from core.workspace.states import FaceState
from core.workspace.tables import Face
from core.workspace.transaction import StagedCrop, transaction


def enrol_as(project: Project, name: str, items: Sequence[int | LoneFace]) -> list[Face]:
    """Enrol faces as a character, which is added where it is new: one change, and one undo.

    A face of the workspace (by id) is kept, and given to the character where it was another's; a lone one is taken in.
    The same crop enrolled again stays one face. Returns the faces in the order of the items. Raises CatalogueError for
    a face that is not there, and for a balancing copy.
    """
    items = [_corrected_before(project, item) for item in items]
    known = {face.id: face for face in chosen_faces(project.catalogue, (i for i in items if isinstance(i, int)))}
    acts = Acts()
    acts.relabel(known.values(), name)
    acts.enrol(known.values())
    acts.ignore(known.values(), False)
    with StagedFiles(project.workspace) as staged:
        crops = stage_crops(project, ((i, after) for i, (_, after) in acts.faces.items()), staged)
        lone = [(item, Crop.of(item.rgb)) for item in items if isinstance(item, LoneFace)]
        paths = [staged.add(crop.data) for _, crop in lone]
        with transaction(project) as tx:
            character = tx.add_character(name)
            write_acts(tx, acts, crops)
            tx.settle({face.picture_id for face in known.values()})
            added = []
            for (item, crop), path in zip(lone, paths, strict=True):
                there = project.catalogue.faces(character_id=character.id, sha256=crop.sha256, state=FaceState.KEPT)
                if there:  # the same picture enrolled again
                    tx.edit(Edit("faces", there[0].id, {"enrolled": True}))
                    added.append(there[0].id)
                    continue
                where = StagedCrop(path, crop.hashes)
                face_id = add_lone_face(
                    tx, character.id, where, item.rgb.shape, slug(item.stem), item.source, framing=item.framing
                )
                tx.edit(Edit("faces", face_id, {"enrolled": True}))
                added.append(face_id)
            tx.record(f"{len(items)} {'face' if len(items) == 1 else 'faces'} enrolled as {character.name}")
    fresh = iter(added)
    return [project.catalogue.face(item if isinstance(item, int) else next(fresh)) for item in items]


def _corrected_before(project: Project, item: int | LoneFace) -> int | LoneFace:
    """The id of the unnamed face whose crop this is, where one was corrected or taken in before."""
    if isinstance(item, int):
        return item
    there = same_crop(project.catalogue, Crop.of(item.rgb).sha256, unnamed=True)
    return item if there is None else there.id


def set_enrolled(project: Project, faces: Iterable[Face], enrolled: bool, action: str, *, who: str = "person") -> None:
    """Say of many faces whether recognising compares with them; one change."""
    acts = Acts()
    acts.enrol(faces, enrolled)
    with transaction(project, who) as tx:
        write_acts(tx, acts, {})
        tx.record(action)
