"""Files that lie in another folder than their character's are told by the doctor and moved there."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.imaging.reading import encode_jpeg
from core.workspace import characters, doctor
from core.workspace.misplaced import Misplaced, misplaced
from core.workspace.sync import about
from core.workspace.undo import undo
from tests.conftest import noise
from tests.faces import add_faces


def put(project, character, path, seed=900, **values):
    """A picture in the catalogue whose file lies at a path."""
    at = project.workspace.path(path)
    write_bytes(at, encode_jpeg(noise(seed)))
    return project.catalogue.add_picture(character and character.id, path=path, **about(at), **values)


@pytest.fixture
def told(project):
    def tell():
        with project.catalogue.reading() as db:
            return misplaced(db)

    return tell


def test_what_came_to_the_old_folder_of_a_renamed_character_is_told_and_moved(project, told):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    rei = project.catalogue.character("Rei")
    characters.rename(project, rei, "Ayanami")
    late = put(project, rei, "pictures/Rei/a.jpg")
    put(project, rei, "pictures/Ayanami/a.jpg", 901)
    face = project.catalogue.face(face_id)
    project.workspace.path(face.path).rename(write_bytes(project.workspace.faces / "Rei/1.jpg", b""))
    project.catalogue.set_values("faces", {face_id: {"path": "faces/Rei/1.jpg"}})
    assert told() == [
        Misplaced("pictures", late.id, "pictures/Rei/a.jpg"),
        Misplaced("faces", face_id, "faces/Rei/1.jpg"),
    ]
    assert doctor.summary(doctor.inspect(project)) == {doctor.MISPLACED: 2}
    assert doctor.repair(project) == []
    assert project.catalogue.picture(late.id).path == "pictures/Ayanami/a_2.jpg"
    assert project.catalogue.face(face_id).path == "faces/Ayanami/1.jpg"
    assert not list(project.workspace.root.glob("*/Rei"))
    assert undo(project).action == "2 files moved into their characters' folders"
    assert project.workspace.path("pictures/Rei/a.jpg").is_file()


def test_a_folder_of_another_character_is_no_place_and_neither_is_nobody_s(project, told):
    rei, asuka = (project.catalogue.add_character(name) for name in ("Rei", "Asuka"))
    put(project, asuka, "pictures/Rei/a.jpg", 1)
    put(project, rei, "pictures/unnamed/b.jpg", 2)
    put(project, None, "pictures/Rei/c.jpg", 3)
    put(project, None, "pictures/unnamed/d.jpg", 4)
    put(project, rei, "pictures/Rei/e.jpg", 5)
    assert [one.path for one in told()] == ["pictures/Rei/a.jpg", "pictures/unnamed/b.jpg", "pictures/Rei/c.jpg"]


def test_a_folder_that_a_person_made_may_have_the_character_s_own_name(project, told):
    rei = project.catalogue.add_character("Rei Ayanami")
    put(project, rei, "pictures/Rei Ayanami/a.jpg", 1)
    put(project, rei, "pictures/rei_ayanami/b.jpg", 2)
    put(project, rei, "pictures/Rei_Ayanami_2/c.jpg", 3)
    assert [one.path for one in told()] == ["pictures/Rei_Ayanami_2/c.jpg"]


def test_what_is_in_the_bin_or_a_removed_character_s_is_none_of_it(project, told):
    rei = project.catalogue.add_character("Rei")
    put(project, rei, "bin/pictures/Old/a.jpg", 1, state="duplicate")
    put(project, rei, "pictures/Old/b.jpg", 2, state="removed")
    project.catalogue.set_values("characters", {rei.id: {"state": "removed"}})
    put(project, rei, "pictures/Old/c.jpg", 3)
    assert told() == []
