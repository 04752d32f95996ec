"""A person's decisions: one recorded change each, files follow, undo brings all of it back."""

from __future__ import annotations

import numpy as np
import pytest

from core.crop import review as decide
from core.crop.canvas_edits import CanvasBox, CanvasEdits
from core.errors import CatalogueError
from core.imaging.boxes import Box
from core.imaging.framing import face_crop, frame
from core.imaging.reading import read_picture
from core.workspace import faces as faces_of
from core.workspace.undo import redo, undo

from .conftest import FACE


def state(catalogue, face):
    return catalogue.face(face.id).state


def test_keeping_cuts_the_crop_and_settles_the_picture(made, project):
    picture, (face,) = made.picture()
    faces_of.keep(project, [face])
    assert state(project.catalogue, face) == "kept"
    assert project.catalogue.picture(picture.id).review == "done"
    crop = read_picture(project.workspace.path(face.path))
    assert crop.shape == (120, 120, 3)  # 2.0 x the longer side, 60
    expected = face_crop(read_picture(project.workspace.path(picture.path)), FACE)
    assert np.abs(crop.astype(int) - expected).mean() < 3


def test_the_crop_shows_the_face_and_not_the_transposed_place(made, project):
    """The article cut picture[x:x+w, y:y+h]; the face's middle must be bright, as the box says."""
    _, (face,) = made.picture([Box(120, 20, 40, 40)])
    faces_of.keep(project, [face])
    crop = read_picture(project.workspace.path(face.path))
    square = frame(face.box)
    middle = round(140 - square.x), round(40 - square.y)
    assert crop[middle[1], middle[0]].min() > 150
    corners = crop[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.max() < 130


def test_one_undo_takes_back_face_crop_and_picture(made, project):
    picture, (face,) = made.picture()
    faces_of.keep(project, [face])
    undo(project)
    assert state(project.catalogue, face) == "proposed"
    assert project.catalogue.picture(picture.id).review == "look"
    assert not project.workspace.path(face.path).exists()
    redo(project)
    assert (state(project.catalogue, face), project.catalogue.picture(picture.id).review) == ("kept", "done")
    assert project.workspace.path(face.path).exists()


def test_a_picture_is_open_until_its_last_proposal_is_decided(made, project):
    picture, (one, two) = made.picture([Box(10, 10, 50, 50), Box(100, 100, 50, 50)])
    faces_of.keep(project, [one])
    assert project.catalogue.picture(picture.id).review == "look"
    faces_of.reject(project, [two], "other character")
    assert project.catalogue.picture(picture.id).review == "done"
    assert project.catalogue.face(two.id).reason == "other character"


def test_agreeing_with_the_detector_settles_the_picture(made, project):
    picture, (face,) = made.picture(review="sure", states=["kept"])
    change = faces_of.keep(project, [face])
    assert change is not None
    assert project.catalogue.picture(picture.id).review == "done"


def test_keep_only_rejects_the_others_in_one_change(made, project):
    picture, (one, two) = made.picture([Box(10, 10, 50, 50), Box(100, 100, 50, 50)])
    faces_of.keep_only(project, two, [one])
    assert (state(project.catalogue, one), state(project.catalogue, two)) == ("rejected", "kept")
    undo(project)
    assert (state(project.catalogue, one), state(project.catalogue, two)) == ("proposed", "proposed")
    assert project.catalogue.picture(picture.id).review == "look"


def test_a_rejected_crop_lies_in_the_bin_and_comes_back(made, project):
    _, (face,) = made.picture(review="sure", states=["kept"])
    before = project.workspace.path(face.path).read_bytes()
    faces_of.reject(project, [face], "blurred")
    assert not project.workspace.path(face.path).exists()
    assert project.workspace.path(f"bin/{face.path}").read_bytes() == before
    undo(project)
    assert project.workspace.path(face.path).read_bytes() == before


def test_naming_moves_the_crop_to_the_other_character(made, project):
    _, (face,) = made.picture()
    faces_of.relabel(project, [face], made.asuka)
    named = project.catalogue.face(face.id)
    assert (named.character_id, named.state) == (made.asuka.id, "kept")
    assert named.path.startswith("faces/Asuka/")
    assert project.workspace.path(named.path).exists()
    undo(project)
    assert project.catalogue.face(face.id).path == face.path
    assert not project.workspace.path(named.path).exists()


def test_moving_a_box_cuts_the_crop_again(made, project):
    _, (face,) = made.picture(states=["kept"])
    faces_of.move(project, face, Box(10, 10, 80, 70))
    moved = project.catalogue.face(face.id)
    assert moved.box == Box(10, 10, 80, 70)
    assert read_picture(project.workspace.path(moved.path)).shape == (160, 160, 3)
    assert moved.sha256 != face.sha256
    undo(project)
    back = project.catalogue.face(face.id)
    assert back.box == FACE
    assert read_picture(project.workspace.path(back.path)).shape == (120, 120, 3)
    assert back.sha256 == face.sha256


def test_drawing_a_face_is_one_change(made, project):
    picture, _ = made.picture([], review="nothing")
    face = faces_of.draw(project, picture, made.asuka, Box(20, 30, 40, 50))
    assert (face.state, face.detector, face.decided_by) == ("kept", "person", "person")
    assert project.catalogue.picture(picture.id).review == "done"
    assert read_picture(project.workspace.path(face.path)).shape == (100, 100, 3)
    undo(project)
    assert state(project.catalogue, face) == "removed"
    assert project.catalogue.picture(picture.id).review == "nothing"
    redo(project)
    assert state(project.catalogue, face) == "kept"
    assert project.workspace.path(face.path).exists()


def test_redrawing_replaces_the_box(made, project):
    picture, (face,) = made.picture()
    drawn = CanvasEdits(drawn=(CanvasBox("", Box(1, 2, 30, 40)),))
    assert decide.apply_canvas(project, picture, [face], drawn, instead_of=face) == "drew the box anew"
    again = project.catalogue.face(face.id)
    assert again.box == Box(1, 2, 30, 40)
    assert len(decide.live_faces(project.catalogue, picture.id)) == 1


def test_a_picture_set_aside_takes_its_faces_along(made, project):
    picture, (face,) = made.picture(states=["kept"])
    faces_of.reject_picture(project, picture)
    assert (project.catalogue.picture(picture.id).state, state(project.catalogue, face)) == ("rejected", "rejected")
    undo(project)
    assert (project.catalogue.picture(picture.id).state, state(project.catalogue, face)) == ("kept", "kept")


def test_the_canvas_moves_renames_and_deletes_as_one_change(made, project):
    boxes = [Box(10, 10, 50, 50), Box(100, 10, 50, 50), Box(10, 100, 50, 50)]
    picture, faces = made.picture(boxes)
    a, b, c = faces
    edits = CanvasEdits({a.id: Box(12, 10, 50, 50)}, {a.id: "asuka", b.id: "Asuka"}, (c.id,))
    decide.apply_canvas(project, picture, faces, edits)
    first = project.catalogue.face(a.id)
    assert (first.box, first.character_id, first.state) == (Box(12, 10, 50, 50), made.asuka.id, "kept")
    second = project.catalogue.face(b.id)
    assert (second.character_id, second.state, state(project.catalogue, c)) == (made.asuka.id, "kept", "rejected")
    assert first.path != second.path
    assert project.catalogue.picture(picture.id).review == "done"
    undo(project)
    assert [project.catalogue.face(f.id).state for f in faces] == ["proposed"] * 3


def test_a_name_that_nobody_has_is_told_and_nothing_changes(made, project):
    picture, faces = made.picture()
    edits = CanvasEdits(renamed={faces[0].id: "Misato"}, drawn=(CanvasBox("", Box(0, 0, 20, 20)),))
    with pytest.raises(CatalogueError, match="no character 'Misato'"):
        decide.apply_canvas(project, picture, faces, edits)
    assert [f.state for f in decide.live_faces(project.catalogue, picture.id)] == ["proposed"]


def test_a_second_tab_cannot_overwrite_silently(made, project):
    _, (face,) = made.picture()
    seen_by_the_other_tab = face
    faces_of.reject(project, [face], "logo")
    with pytest.raises(CatalogueError, match="changed elsewhere"):
        faces_of.keep(project, [seen_by_the_other_tab])
    assert state(project.catalogue, face) == "rejected"


def test_bulk_over_many_pictures_is_one_change(made, project):
    several = [made.picture() for _ in range(5)]
    faces = [face for _, (face,) in several]
    faces_of.reject(project, faces, "cosplay")
    assert {project.catalogue.picture(p.id).review for p, _ in several} == {"done"}
    undo(project)
    assert {project.catalogue.picture(p.id).review for p, _ in several} == {"look"}
    assert {f.state for f in project.catalogue.faces()} == {"proposed"}


def test_an_undo_knows_its_picture(made, project):
    picture, (face,) = made.picture()
    faces_of.reject(project, [face])
    assert decide.picture_of(project.catalogue, undo(project)) == picture.id


def test_new_boxes_are_faces_of_the_name_on_them_and_else_of_the_pictures_character(made, project):
    picture, _ = made.picture([])
    drawn = CanvasEdits(drawn=(CanvasBox("", Box(1, 2, 30, 40)), CanvasBox("asuka", Box(50, 60, 30, 40))))
    said = decide.apply_canvas(project, picture, [], drawn)
    assert said == "drew a face of Rei Ayanami, drew a face of Asuka"
    found = decide.live_faces(project.catalogue, picture.id)
    assert [(f.box, f.character_id, f.state) for f in found] == [
        (Box(1, 2, 30, 40), made.rei.id, "kept"),
        (Box(50, 60, 30, 40), made.asuka.id, "kept"),
    ]
    change = undo(project)
    assert (change.action, decide.picture_of(project.catalogue, change)) == (said, picture.id)
    project.catalogue.set_values("pictures", {picture.id: {"character_id": None}})
    nobodys = project.catalogue.picture(picture.id)
    assert decide.apply_canvas(project, nobodys, [], CanvasEdits(drawn=drawn.drawn[:1])) == "drew a face"
