"""Boxes from elsewhere over the faces that are there: matched by overlap, best first; one change, undone as one."""

from __future__ import annotations

import pytest

from core.atomic import write_bytes
from core.crop.merge_annotations import PictureBox, match_faces, merge_annotations
from core.imaging.boxes import Box
from core.imaging.reading import encode_jpeg
from core.workspace.tables import Face
from core.workspace.undo import undo
from tests.conftest import noise


def face(number, *box):
    x, y, w, h = box
    return Face(number, 1, 1, x=x, y=y, w=w, h=h)


def box(*values, name=""):
    return PictureBox(1, Box(*values), name)


@pytest.mark.parametrize(("width", "matched"), [(20, True), (21, False)])
def test_a_box_that_covers_half_is_the_same_face(width, matched):
    """A face of 10 x 10 inside a box of 20 x 10: half of what they cover together."""
    pairs, fresh, gone = match_faces([box(0, 0, width, 10)], [face(1, 0, 0, 10, 10)])
    assert (len(pairs), len(fresh), len(gone)) == ((1, 0, 0) if matched else (0, 1, 1))


def test_the_best_pair_comes_first_and_nobody_is_matched_twice():
    faces = [face(1, 0, 0, 10, 10), face(2, 2, 0, 10, 10)]
    exact, near = box(2, 0, 10, 10), box(1, 0, 10, 10)
    pairs, fresh, gone = match_faces([near, exact], faces)
    assert {(b.box.x, f.id) for b, f in pairs} == {(2, 2), (1, 1)}
    assert (fresh, gone) == ([], [])
    pairs, fresh, gone = match_faces([exact, near], faces[1:])
    assert [(b, f.id) for b, f in pairs] == [(exact, 2)]
    assert (fresh, gone) == ([near], [])


@pytest.fixture
def picture(project):
    """A picture of Rei, 100 x 100, with proposed faces at (10, 10) and (60, 60), 20 x 20 each."""
    rei = project.catalogue.add_character("Rei")
    write_bytes(project.workspace.path("pictures/Rei/a.jpg"), encode_jpeg(noise(1, 100, 100)))
    made = project.catalogue.add_picture(rei.id, path="pictures/Rei/a.jpg", width=100, height=100, review="look")
    for i, at in enumerate((10.0, 60.0), 1):
        row = {"picture_id": made.id, "character_id": rei.id, "path": f"faces/Rei/a_{i}.jpg"}
        project.catalogue.add_faces([row | {"x": at, "y": at, "w": 20.0, "h": 20.0}], action="found")
    return made


def merge(project, picture, *boxes, **values):
    named = [PictureBox(picture.id, Box(*values), name) for *values, name in boxes]
    return merge_annotations(project, named, [picture.id], action="boxes", **values)


def states(project):
    return [f.state for f in project.catalogue.faces()]


def test_same_moved_renamed_added_and_rejected_are_counted_apart(project, picture):
    report = merge(project, picture, (10.04, 10, 20, 20, ""), (30, 10, 15, 15, "Asuka"))
    assert (report.same, report.moved, report.renamed, report.added, report.rejected) == (1, 0, 0, 1, 1)
    assert report.new_characters == ["Asuka"]
    assert states(project) == ["kept", "rejected", "kept"]
    assert project.catalogue.character(project.catalogue.faces()[-1].character_id).name == "Asuka"
    assert project.catalogue.picture(picture.id).review == "done"
    assert undo(project).action == "boxes"
    assert states(project) == ["proposed", "proposed", "removed"]
    assert project.catalogue.picture(picture.id).review == "look"


def test_a_box_is_moved_from_a_twentieth_of_a_pixel_on_and_a_name_makes_it_anothers(project, picture):
    report = merge(project, picture, (10.1, 10, 20, 20, ""), (60, 60, 20, 20, "Asuka"))
    assert (report.same, report.moved, report.renamed, report.added, report.rejected) == (0, 1, 1, 0, 0)
    first, second = project.catalogue.faces()
    assert first.x == 10.1
    assert project.catalogue.character(second.character_id).name == "Asuka"


def test_its_own_name_renames_nobody(project, picture):
    report = merge(project, picture, (10, 10, 20, 20, "Rei"), (60, 60, 20, 20, ""))
    assert (report.same, report.renamed, report.new_characters) == (2, 0, [])


def test_where_boxes_could_not_be_read_no_face_is_rejected_and_the_review_stays_open(project, picture):
    report = merge(project, picture, (10, 10, 20, 20, ""), incomplete={picture.id})
    assert (report.same, report.rejected) == (1, 0)
    assert states(project) == ["kept", "proposed"]
    assert project.catalogue.picture(picture.id).review == "look"


def test_a_new_box_without_a_name_is_the_pictures_characters_and_nobodys_where_the_picture_has_none(project, picture):
    merge(project, picture, (30, 10, 15, 15, ""), (10, 60, 15, 15, "Rei"))
    assert [f.character_id for f in project.catalogue.faces()[2:]] == [picture.character_id] * 2
    write_bytes(project.workspace.path("pictures/b.jpg"), encode_jpeg(noise(2, 100, 100)))
    nobodys = project.catalogue.add_picture(None, path="pictures/b.jpg", width=100, height=100, review="look")
    merge(project, nobodys, (30, 10, 15, 15, ""))
    assert project.catalogue.faces()[-1].character_id is None
