"""Any number of values can be asked for, whatever SQLite's limit on parameters is."""

import pytest

from core.workspace.one_of import FEW

MANY = 260_000
"""More than SQLite's 250,000 parameters."""


@pytest.fixture
def faces(catalogue):
    rei = catalogue.add_character("Rei")
    picture = catalogue.add_picture(rei.id, path="pictures/Rei/001.jpg")
    rows = [{"picture_id": picture.id, "character_id": rei.id, "path": f"faces/Rei/{n}.jpg"} for n in range(7)]
    return catalogue.add_faces(rows, action="found")


@pytest.mark.parametrize("count", [3, FEW, FEW + 1, MANY])
def test_faces_of_any_number_of_ids(catalogue, faces, count):
    wanted = [face.id for face in faces[:3]] + list(range(1000, 1000 + count - 3))
    assert [face.id for face in catalogue.faces(ids=wanted)] == [face.id for face in faces[:3]]


def test_texts_are_compared_as_texts(catalogue, faces):
    paths = [f"faces/Rei/{n}.jpg" for n in range(2)] + [f"it's {n}" for n in range(FEW)]
    assert [face.path for face in catalogue.faces(path=paths)] == paths[:2]
    assert catalogue.counts("faces", path=set(paths)) == {faces[0].character_id: 2}


def test_many_faces_come_in_pages_by_id_each_once(catalogue, faces):
    pages = [[face.id for face in page] for page in catalogue.face_pages(size=3)]
    assert pages == [[f.id for f in faces[:3]], [f.id for f in faces[3:6]], [faces[6].id]]
    assert list(catalogue.face_pages(size=3, state="kept")) == []


def test_a_face_that_goes_while_pages_are_read_hides_no_other(catalogue, faces):
    pages = catalogue.face_pages(size=3, state="proposed")
    first = next(pages)
    catalogue.set_values("faces", {first[0].id: {"state": "rejected"}})
    assert [face.id for page in pages for face in page] == [f.id for f in faces[3:]]
