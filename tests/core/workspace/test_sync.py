"""What was put into the folders by hand is taken in; what vanished is mended or reported, never forgotten."""

from __future__ import annotations

from core.imaging.reading import encode_jpeg
from core.workspace.atomic import write_bytes
from core.workspace.sync import sync
from tests.conftest import noise
from tests.faces import add_faces


def test_files_put_there_by_hand_are_taken_in_once(workspace, catalogue):
    write_bytes(workspace.pictures / "Rei Ayanami" / "a.jpg", encode_jpeg(noise(1)))
    write_bytes(workspace.faces / "Asuka" / "b.jpg", encode_jpeg(noise(2)))
    write_bytes(workspace.faces / "Asuka" / "c.jpg", b"no picture")
    report = sync(workspace, catalogue)
    assert report.pictures_taken_in == ["pictures/Rei Ayanami/a.jpg"]
    assert report.faces_taken_in == ["faces/Asuka/b.jpg"]
    assert report.unreadable[0].startswith("faces/Asuka/c.jpg")
    assert [c.name for c in catalogue.characters()] == ["Asuka", "Rei Ayanami"]
    (face,) = catalogue.faces()
    assert (face.state, face.w, face.h) == ("kept", 80, 80)
    again = sync(workspace, catalogue)
    assert not again.pictures_taken_in + again.faces_taken_in


def test_a_vanished_face_is_reported_every_time_and_keeps_its_row(workspace, catalogue):
    (face_id,) = add_faces(workspace, catalogue, {"Rei": 1})["Rei"]
    path = catalogue.face(face_id).path
    workspace.path(path).unlink()
    assert sync(workspace, catalogue).vanished == [path]
    assert sync(workspace, catalogue).vanished == [path]
    assert catalogue.face(face_id).state == "kept"


def test_a_crop_that_vanished_is_cut_again_from_its_picture(workspace, catalogue):
    rei = catalogue.add_character("Rei")
    write_bytes(workspace.path("pictures/Rei/a.png"), encode_jpeg(noise(3, 200, 200)))
    picture = catalogue.add_picture(rei.id, path="pictures/Rei/a.png")
    box = {"x": 60.0, "y": 60.0, "w": 50.0, "h": 50.0}
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/a_1.jpg", "state": "kept", **box}
    catalogue.add_faces([row], action="made")
    assert sync(workspace, catalogue).mended == ["faces/Rei/a_1.jpg"]
    assert workspace.path("faces/Rei/a_1.jpg").exists()
    assert not sync(workspace, catalogue).vanished
