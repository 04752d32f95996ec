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


def test_a_kept_face_has_its_crop_at_its_path(workspace, catalogue, face):
    decide(workspace, catalogue, "kept", keep([face]))
    crop = workspace.path(face.path)
    assert read_picture(crop).shape == (80, 80, 3)
    assert now(catalogue, face).sha256
    assert crop_path(workspace, face.path, "kept") == crop


def test_a_rejected_one_lies_in_the_bin(workspace, catalogue, face):
    decide(workspace, catalogue, "kept", keep([face]))
    decide(workspace, catalogue, "rejected", reject([now(catalogue, face)], "logo"))
    assert not workspace.path(face.path).exists()
    assert crop_path(workspace, face.path, "rejected").exists()


def test_undo_and_redo_walk_through_the_history_with_the_files(workspace, catalogue, face):
    decide(workspace, catalogue, "kept", keep([face]))
    decide(workspace, catalogue, "moved", [move_box(now(catalogue, face), Box(20, 20, 60, 50))])
    decide(workspace, catalogue, "rejected", reject([now(catalogue, face)]))
    at = workspace.path(face.path)
    assert [undo(workspace, catalogue).action for _ in range(2)] == ["rejected", "moved"]
    assert read_picture(at).shape == (80, 80, 3)
    assert redo(workspace, catalogue).action == "moved"
    assert read_picture(at).shape == (120, 120, 3)
    assert redo(workspace, catalogue).action == "rejected"
    assert not at.exists()
    assert redo(workspace, catalogue) is None


def test_undo_works_after_a_restart(workspace, catalogue, face):
    decide(workspace, catalogue, "kept", keep([face]))
    catalogue.close()
    with Catalogue(workspace.catalogue_path) as again:
        assert undo(workspace, again).action == "kept"
        assert again.face(face.id).state == "proposed"
    assert not workspace.path(face.path).exists()


def test_a_new_decision_ends_what_could_be_done_again(workspace, catalogue, face):
    decide(workspace, catalogue, "kept", keep([face]))
    undo(workspace, catalogue)
    decide(workspace, catalogue, "rejected", reject([now(catalogue, face)]))
    assert redo(workspace, catalogue) is None


def test_what_a_detector_did_is_not_undone(workspace, catalogue, face):
    assert undo(workspace, catalogue) is None
    decide(workspace, catalogue, "kept", keep([face]), who="detector")
    assert undo(workspace, catalogue) is None


def test_a_proposal_that_was_kept_and_taken_back_is_cut_anew_after_it_moved(workspace, catalogue, face):
    decide(workspace, catalogue, "kept", keep([face]))
    undo(workspace, catalogue)
    decide(workspace, catalogue, "moved", [move_box(now(catalogue, face), Box(20, 20, 60, 50))])
    decide(workspace, catalogue, "kept", keep([now(catalogue, face)]))
    assert read_picture(workspace.path(face.path)).shape == (120, 120, 3)


def test_reassigned_faces_get_free_names(workspace, catalogue, face):
    asuka = catalogue.add_character("Asuka")
    row = {"picture_id": face.picture_id, "character_id": asuka.id, "path": "faces/Asuka/001_1.jpg"}
    catalogue.add_faces([row | {"w": 9, "h": 9}], action="found")
    decide(workspace, catalogue, "kept", keep([face]))
    before = workspace.path(face.path).read_bytes()
    decide(workspace, catalogue, "named", reassign(workspace, catalogue, [now(catalogue, face)], asuka))
    moved = now(catalogue, face)
    assert moved.path != "faces/Asuka/001_1.jpg"
    assert moved.path.startswith("faces/Asuka/001_1")
    assert workspace.path(moved.path).read_bytes() == before
    assert not workspace.path(face.path).exists()
    undo(workspace, catalogue)
    assert workspace.path(face.path).read_bytes() == before


def test_two_tabs_cannot_overwrite_each_other(workspace, catalogue, face):
    decide(workspace, catalogue, "rejected", reject([face]))
    with pytest.raises(CatalogueError, match="Look at it again"):
        decide(workspace, catalogue, "kept", keep([face]))
    assert now(catalogue, face).state == "rejected"


def test_who_decided_and_when_is_remembered(workspace, catalogue, face):
    decide(workspace, catalogue, "kept", keep([face]))
    kept = now(catalogue, face)
    assert kept.decided_by == "person"
    assert kept.decided_at > face.decided_at


def test_deciding_the_same_again_is_no_change(workspace, catalogue, face):
    decide(workspace, catalogue, "kept", keep([face]))
    assert decide(workspace, catalogue, "kept", keep([now(catalogue, face)])) is None


def test_names_count_up_and_are_never_given_twice(workspace, catalogue, face):
    rei, picture = catalogue.character("Rei"), catalogue.picture(face.picture_id)
    assert new_face_path(catalogue, rei, picture) == "faces/Rei/001_2.jpg"
    decide(workspace, catalogue, "rejected", reject([face]))
    assert new_face_path(catalogue, rei, picture) == "faces/Rei/001_2.jpg"


def test_pixels_of_a_proposal_come_from_its_picture(workspace, catalogue, face):
    assert face_pixels(workspace, catalogue, face).shape == (80, 80, 3)


def test_a_lost_face_without_a_picture_is_told(workspace, catalogue, face):
    rei = catalogue.character("Rei")
    picture = catalogue.add_picture(rei.id, kind="face", width=90, height=90)
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/lost.jpg", "w": 90, "h": 90}
    (lost,) = catalogue.add_faces([row | {"state": "kept"}], action="imported", who="import")
    with pytest.raises(PictureError, match="is gone"):
        face_pixels(workspace, catalogue, lost)
