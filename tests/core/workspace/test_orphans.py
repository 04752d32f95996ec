"""What belongs to a removed character is told by the doctor and given to whoever has the rest."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.imaging.reading import encode_jpeg
from core.workspace import characters, doctor
from core.workspace.sync import about
from core.workspace.undo import undo
from tests.conftest import noise
from tests.faces import add_faces


def add_picture(project, character, name, **values):
    path = f"pictures/{character.slug}/{name}"
    at = project.workspace.path(path)
    write_bytes(at, encode_jpeg(noise(900)))
    return project.catalogue.add_picture(character.id, path=path, **about(at), **values)


@pytest.fixture
def late(project):
    """A picture and a face that came to Rei after she was merged into Asuka, or deleted."""

    def make(act):
        add_faces(project, {"Rei": 1, "Asuka": 1})
        rei, asuka = (project.catalogue.character(name) for name in ("Rei", "Asuka"))
        add_picture(project, asuka, "a.jpg")
        characters.merge(project, rei, asuka) if act == "merge" else characters.delete(project, rei)
        (face,) = add_faces(project, {"Rei": 1}, seed=1)["Rei"]
        picture = add_picture(project, rei, "a.jpg")
        project.catalogue.set_values("characters", {rei.id: {"state": "removed"}})
        return picture.id, face, asuka

    return make


@pytest.mark.parametrize(("act", "folder"), [("merge", "Asuka"), ("delete", "unnamed")])
def test_they_are_told_and_given_away_with_their_files(project, late, act, folder):
    picture_id, face_id, asuka = late(act)
    told = doctor.summary(doctor.inspect(project))
    assert told == {doctor.ORPHANED_PICTURE: 2, doctor.ORPHANED_FACE: 1}  # a face's own picture is one
    assert doctor.repair(project) == []
    picture, face = project.catalogue.picture(picture_id), project.catalogue.face(face_id)
    owner = asuka.id if act == "merge" else None
    assert (picture.character_id, face.character_id, face.state) == (owner, owner, "kept")
    assert picture.path == f"pictures/{folder}/{'a_2' if act == 'merge' else 'a'}.jpg"
    assert face.path.startswith(f"faces/{folder}/")
    assert all(project.workspace.path(path).is_file() for path in (picture.path, face.path))
    undo(project)
    assert project.catalogue.picture(picture_id).path == "pictures/Rei/a.jpg"


def test_what_was_removed_with_its_character_is_nothing_wrong(project):
    add_faces(project, {"Rei": 2})
    rei = project.catalogue.character("Rei")
    add_picture(project, rei, "a.jpg", state="kept")
    characters.delete(project, rei)
    assert doctor.inspect(project) == []
