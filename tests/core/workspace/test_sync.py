"""What was put into the folders by hand is taken in; what vanished is mended or reported, never forgotten."""

from __future__ import annotations

from core.imaging.reading import encode_jpeg
from core.workspace.atomic import write_bytes
from core.workspace.sync import sync
from tests.conftest import noise
from tests.faces import add_faces


def test_files_put_there_by_hand_are_taken_in_once(project):
    write_bytes(project.workspace.pictures / "Rei Ayanami" / "a.jpg", encode_jpeg(noise(1)))
    write_bytes(project.workspace.faces / "Asuka" / "b.jpg", encode_jpeg(noise(2)))
    write_bytes(project.workspace.faces / "Asuka" / "c.jpg", b"no picture")
    report = sync(project)
    assert report.pictures_taken_in == ["pictures/Rei Ayanami/a.jpg"]
    assert report.faces_taken_in == ["faces/Asuka/b.jpg"]
    assert report.unreadable[0].startswith("faces/Asuka/c.jpg")
    assert [c.name for c in project.catalogue.characters()] == ["Asuka", "Rei Ayanami"]
    (face,) = project.catalogue.faces()
    assert (face.state, face.w, face.h) == ("kept", 80, 80)
    again = sync(project)
    assert not again.pictures_taken_in + again.faces_taken_in


def test_a_vanished_face_is_reported_every_time_and_keeps_its_row(project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    path = project.catalogue.face(face_id).path
    project.workspace.path(path).unlink()
    assert sync(project).vanished == [path]
    assert sync(project).vanished == [path]
    assert project.catalogue.face(face_id).state == "kept"


def test_a_crop_that_vanished_is_cut_again_from_its_picture(project):
    rei = project.catalogue.add_character("Rei")
    write_bytes(project.workspace.path("pictures/Rei/a.png"), encode_jpeg(noise(3, 200, 200)))
    picture = project.catalogue.add_picture(rei.id, path="pictures/Rei/a.png")
    box = {"x": 60.0, "y": 60.0, "w": 50.0, "h": 50.0}
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/a_1.jpg", "state": "kept", **box}
    project.catalogue.add_faces([row], action="made")
    assert sync(project).mended == ["faces/Rei/a_1.jpg"]
    assert project.workspace.path("faces/Rei/a_1.jpg").exists()
    assert not sync(project).vanished
