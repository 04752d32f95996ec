"""A workspace as values: all that was not taken back, without balancing copies, files only of what was kept."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.datasets.from_workspace import data_set

BOX = {"w": 9.0, "h": 9.0}


@pytest.fixture
def picture(project):
    """A picture of Rei with a kept, a proposed, a rejected and a removed face, and a balancing copy."""
    rei = project.catalogue.add_character("Rei", series="Eva")
    write_bytes(project.workspace.path("pictures/Rei/a.jpg"), b"picture")
    about = {"author": "A", "tags": "blue hair", "source": "zip", "width": 90, "height": 80, "review": "done"}
    made = project.catalogue.add_picture(rei.id, path="pictures/Rei/a.jpg", **about)
    rows = [
        {"picture_id": made.id, "character_id": rei.id, "path": f"faces/Rei/a_{i}.jpg", "state": state, "x": float(i)}
        | BOX
        for i, state in enumerate(("kept", "proposed", "rejected", "removed"))
    ]
    first = project.catalogue.add_faces(rows, action="made")[0]
    project.catalogue.add_faces([rows[0] | {"path": "copy.jpg", "copy_of": first.id}], action="balanced")
    write_bytes(project.workspace.path(first.path), b"face")
    return made


def test_faces_that_were_not_taken_back_come_with_their_names_and_files(project, picture):
    data = data_set(project)
    (one,) = data.pictures
    assert (data.name, data.missing) == ("test", ())
    assert [(f.state, f.box.x, f.name, f.series) for f in one.faces] == [
        (state, i, "Rei", "Eva") for i, state in enumerate(("kept", "proposed", "rejected"))
    ]
    assert [f.file is not None for f in one.faces] == [True, False, False]


def test_a_picture_comes_with_where_it_came_from(project, picture):
    (one,) = data_set(project).pictures
    assert (one.name, one.folder, one.width, one.height, one.reviewed) == ("Rei", "Rei", 90, 80, True)
    assert (one.origin.author, one.origin.tags, one.origin.source) == ("A", ("blue", "hair"), "zip")
    assert one.file.read_bytes() == b"picture"


def test_what_is_not_there_is_listed_and_a_rejected_pictures_file_is_not_looked_for(project, picture):
    project.workspace.path("faces/Rei/a_0.jpg").unlink()
    project.workspace.path("pictures/Rei/a.jpg").unlink()
    assert data_set(project).missing == ("faces/Rei/a_0.jpg", "pictures/Rei/a.jpg")
    project.catalogue.set_values("pictures", {picture.id: {"state": "rejected"}})
    assert data_set(project).missing == ("faces/Rei/a_0.jpg",)


def test_a_face_of_nobody_in_this_cast_has_no_name(project, picture):
    first = project.catalogue.faces()[0]
    project.catalogue.set_values("faces", {first.id: {"ignored": True}})
    (one,) = data_set(project).pictures
    assert [f.name for f in one.faces] == ["", "Rei", "Rei"]


def test_a_face_without_a_box_is_all_of_its_picture(project, picture):
    first = project.catalogue.faces()[0]
    project.catalogue.set_values("faces", {first.id: {"w": 0.0, "h": 0.0}})
    (one,) = data_set(project).pictures
    assert [(f.box.w, f.box.h) for f in one.faces] == [(90, 80), (9, 9), (9, 9)]
