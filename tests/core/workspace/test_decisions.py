"""Decisions and their files: the catalogue owns the decision, the folders follow, backwards and after a restart too."""

from __future__ import annotations

import pytest

from core.errors import CatalogueError, PictureError
from core.imaging.boxes import Box
from core.imaging.reading import encode_jpeg, read_picture
from core.workspace.atomic import write_bytes
from core.workspace.catalogue import Catalogue
from core.workspace.decisions import (
    crop_path,
    decide,
    face_pixels,
    keep,
    move_box,
    new_face_path,
    reassign,
    redo,
    reject,
    undo,
)
from core.workspace.project import Project
from tests.conftest import noise


@pytest.fixture
def face(workspace, catalogue):
    """A proposed face on a picture of 120 x 160."""
    rei = catalogue.add_character("Rei")
    write_bytes(workspace.path("pictures/Rei/001.jpg"), encode_jpeg(noise(1, 160, 120)))
    picture = catalogue.add_picture(rei.id, path="pictures/Rei/001.jpg", width=120, height=160)
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/001_1.jpg"}
    (made,) = catalogue.add_faces([row | {"x": 40, "y": 50, "w": 30, "h": 40}], action="found")
    return made


def now(catalogue, face):
    return catalogue.face(face.id)


def test_a_kept_face_has_its_crop_at_its_path(project, face):
    decide(project, "kept", keep([face]))
    crop = project.workspace.path(face.path)
    assert read_picture(crop).shape == (80, 80, 3)
    assert now(project.catalogue, face).sha256
    assert crop_path(project.workspace, face.path, "kept") == crop


def test_a_rejected_one_lies_in_the_bin(project, face):
    decide(project, "kept", keep([face]))
    decide(project, "rejected", reject([now(project.catalogue, face)], "logo"))
    assert not project.workspace.path(face.path).exists()
    assert crop_path(project.workspace, face.path, "rejected").exists()


def test_undo_and_redo_walk_through_the_history_with_the_files(project, face):
    decide(project, "kept", keep([face]))
    decide(project, "moved", [move_box(now(project.catalogue, face), Box(20, 20, 60, 50))])
    decide(project, "rejected", reject([now(project.catalogue, face)]))
    at = project.workspace.path(face.path)
    assert [undo(project).action for _ in range(2)] == ["rejected", "moved"]
    assert read_picture(at).shape == (80, 80, 3)
    assert redo(project).action == "moved"
    assert read_picture(at).shape == (120, 120, 3)
    assert redo(project).action == "rejected"
    assert not at.exists()
    assert redo(project) is None


def test_undo_works_after_a_restart(project, face):
    decide(project, "kept", keep([face]))
    project.catalogue.close()
    with Catalogue(project.workspace.catalogue_path) as again:
        assert undo(Project(project.workspace, again)).action == "kept"
        assert again.face(face.id).state == "proposed"
    assert not project.workspace.path(face.path).exists()


def test_a_new_decision_ends_what_could_be_done_again(project, face):
    decide(project, "kept", keep([face]))
    undo(project)
    decide(project, "rejected", reject([now(project.catalogue, face)]))
    assert redo(project) is None


def test_what_a_detector_did_is_not_undone(project, face):
    assert undo(project) is None
    decide(project, "kept", keep([face]), who="detector")
    assert undo(project) is None


def test_a_proposal_that_was_kept_and_taken_back_is_cut_anew_after_it_moved(project, face):
    decide(project, "kept", keep([face]))
    undo(project)
    decide(project, "moved", [move_box(now(project.catalogue, face), Box(20, 20, 60, 50))])
    decide(project, "kept", keep([now(project.catalogue, face)]))
    assert read_picture(project.workspace.path(face.path)).shape == (120, 120, 3)


def test_reassigned_faces_get_free_names(project, face):
    asuka = project.catalogue.add_character("Asuka")
    row = {"picture_id": face.picture_id, "character_id": asuka.id, "path": "faces/Asuka/001_1.jpg"}
    project.catalogue.add_faces([row | {"w": 9, "h": 9}], action="found")
    decide(project, "kept", keep([face]))
    before = project.workspace.path(face.path).read_bytes()
    decide(project, "named", reassign(project, [now(project.catalogue, face)], asuka))
    moved = now(project.catalogue, face)
    assert moved.path != "faces/Asuka/001_1.jpg"
    assert moved.path.startswith("faces/Asuka/001_1")
    assert project.workspace.path(moved.path).read_bytes() == before
    assert not project.workspace.path(face.path).exists()
    undo(project)
    assert project.workspace.path(face.path).read_bytes() == before


def test_two_tabs_cannot_overwrite_each_other(project, face):
    decide(project, "rejected", reject([face]))
    with pytest.raises(CatalogueError, match="Look at it again"):
        decide(project, "kept", keep([face]))
    assert now(project.catalogue, face).state == "rejected"


def test_who_decided_and_when_is_remembered(project, face):
    decide(project, "kept", keep([face]))
    kept = now(project.catalogue, face)
    assert kept.decided_by == "person"
    assert kept.decided_at > face.decided_at


def test_deciding_the_same_again_is_no_change(project, face):
    decide(project, "kept", keep([face]))
    assert decide(project, "kept", keep([now(project.catalogue, face)])) is None


def test_names_count_up_and_are_never_given_twice(project, face):
    rei, picture = project.catalogue.character("Rei"), project.catalogue.picture(face.picture_id)
    assert new_face_path(project.catalogue, rei, picture) == "faces/Rei/001_2.jpg"
    decide(project, "rejected", reject([face]))
    assert new_face_path(project.catalogue, rei, picture) == "faces/Rei/001_2.jpg"


def test_many_faces_of_one_picture_get_a_name_each(project, face):
    rei, picture = project.catalogue.character("Rei"), project.catalogue.picture(face.picture_id)
    taken: set[str] = set()
    names = [new_face_path(project.catalogue, rei, picture, taken) for _ in range(3)]
    assert names == [f"faces/Rei/001_{i}.jpg" for i in (1, 2, 3)]


def test_pixels_of_a_proposal_come_from_its_picture(project, face):
    assert face_pixels(project, face).shape == (80, 80, 3)


def test_a_lost_face_without_a_picture_is_told(project, face):
    rei = project.catalogue.character("Rei")
    picture = project.catalogue.add_picture(rei.id, kind="face", width=90, height=90)
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/lost.jpg", "w": 90, "h": 90}
    (lost,) = project.catalogue.add_faces([row | {"state": "kept"}], action="imported", who="import")
    with pytest.raises(PictureError, match="is gone"):
        face_pixels(project, lost)
