"""Edits as they are, and crops as they would be: for tests that begin in the middle."""

from __future__ import annotations

from core.atomic import write_bytes
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace import characters, faces
from core.workspace.crops import cut
from core.workspace.history import Edit
from core.workspace.project import Project
from core.workspace.tables import Change, Face
from core.workspace.transaction import transaction
from tests.conftest import noise


def change(project: Project, action: str, *edits: Edit, who: str = "person") -> Change | None:
    """These edits as one recorded change."""
    with transaction(project, who) as tx:
        for edit in edits:
            tx.edit(edit)
        change_id = tx.record(action)
    return project.catalogue.change_by_id(change_id) if change_id else None


def write_crop(project: Project, face: Face) -> None:
    """Cut a kept face's crop from its picture, with its hashes."""
    picture = project.catalogue.picture(face.picture_id)
    crop = cut(read_picture(project.workspace.path(picture.path)), face.box)
    write_bytes(project.workspace.path(face.path), crop.data)
    project.catalogue.set_values("faces", {face.id: crop.hashes})


def files(project: Project) -> list[str]:
    tops = [project.workspace.pictures, project.workspace.faces, project.workspace.bin]
    return sorted(project.workspace.relative(p) for top in tops for p in top.rglob("*.jpg"))


def rows(project: Project) -> list[tuple]:
    catalogue = project.catalogue
    return [(f.id, f.character_id, f.path, f.state) for f in catalogue.faces()] + [
        (p.id, p.character_id, p.path, p.state) for p in catalogue.pictures()
    ]


def two_with_files(project: Project) -> Project:
    """Rei with three pictures of a face each, the third rejected; Asuka with one; file names that repeat."""
    for name, count in (("Rei", 3), ("Asuka", 1)):
        character = characters.add(project, name, who="import")
        for i in range(1, count + 1):
            path = f"pictures/{name}/{i:03d}.jpg"
            write_bytes(project.workspace.path(path), encode_jpeg(noise(i + 10 * count, 160, 160)))
            picture = project.catalogue.add_picture(character.id, path=path, width=160, height=160)
            row = {"picture_id": picture.id, "character_id": character.id, "path": f"faces/{name}/{i:03d}_1.jpg"}
            box = {"x": 40.0, "y": 40.0, "w": 60.0, "h": 60.0, "state": "kept"}
            (face,) = project.catalogue.add_faces([row | box], action="found")
            write_crop(project, face)
    faces.reject(project, [project.catalogue.face(3)], "logo")
    return project
