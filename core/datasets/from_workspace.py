"""A workspace as a data set: everything the catalogue knows, as values that every format is written from."""

from __future__ import annotations

from pathlib import Path

from core.datasets.records import DataSet, FaceRecord, Origin, PictureRecord
from core.imaging.boxes import Box
from core.workspace.project import Project
from core.workspace.states import FaceState, Kind, PictureState, ReviewState
from core.workspace.tables import Character, Face, Picture

NOT_TAKEN_BACK = (FaceState.PROPOSED, FaceState.KEPT, FaceState.REJECTED)


def data_set(project: Project) -> DataSet:
    """All pictures, and all faces that were not taken back; balancing copies are left out.

    Files of what was kept are looked for; those that are not there are listed in `missing`.
    """
    catalogue = project.catalogue
    characters: dict[int | None, Character] = {c.id: c for c in catalogue.characters(removed=True)}
    faces: dict[int, list[Face]] = {}
    for face in catalogue.faces(state=NOT_TAKEN_BACK, copy_of=None):
        faces.setdefault(face.picture_id, []).append(face)
    missing: list[str] = []

    def there(path: str, kept: bool) -> Path | None:
        if not path or not kept:
            return None
        file = project.workspace.path(path)
        if file.is_file():
            return file
        missing.append(path)
        return None

    def face_record(face: Face, picture: Picture) -> FaceRecord:
        character = None if face.ignored else characters.get(face.character_id)
        return FaceRecord(
            face.id,
            # A face that came cut out, long ago, has no box: it is all of its picture.
            face.box if min(face.w, face.h) > 0 else Box(0, 0, max(picture.width, 1), max(picture.height, 1)),
            character.name if character else "",
            character.slug if character else "",
            character.series if character else "",
            there(face.path, face.state == FaceState.KEPT),
            face.split,
            face.state,
            face.score,
            face.quality,
            face.detector,
        )

    records = []
    for picture in catalogue.pictures():
        own = tuple(face_record(face, picture) for face in faces.get(picture.id, ()))
        file = there(picture.path, picture.state == PictureState.KEPT and picture.kind == Kind.PICTURE)
        records.append(_picture(picture, characters.get(picture.character_id), file, own))
    return DataSet(project.name, tuple(records), tuple(missing))


def _picture(
    picture: Picture, character: Character | None, file: Path | None, faces: tuple[FaceRecord, ...]
) -> PictureRecord:
    origin = Origin(
        picture.source,
        picture.query,
        picture.picture_url,
        picture.page_url,
        picture.title,
        picture.author,
        picture.licence,
        picture.rating,
        tuple(picture.tags.split()),
        picture.fetched_at,
    )
    return PictureRecord(
        picture.id,
        picture.path,
        picture.width,
        picture.height,
        file,
        character.name if character else "",
        character.slug if character else "",
        character.series if character else "",
        picture.kind,
        picture.state,
        picture.reason,
        picture.review == ReviewState.DONE,
        picture.sha256,
        origin,
        faces,
    )
