"""Acts on faces and their files: the catalogue owns the decision, the folders follow, backwards and after a restart."""

from __future__ import annotations

import ast

import pytest

from core.atomic import write_bytes
from core.errors import CatalogueError, PictureError
from core.imaging.boxes import Box
from core.imaging.reading import encode_jpeg, read_picture
from core.settings import ROOT
from core.workspace import characters, faces
from core.workspace.catalogue import Catalogue
from core.workspace.crops import crop_path, face_pixels
from core.workspace.faces import Acts, decide
from core.workspace.project import Project
from core.workspace.undo import redo, undo
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
    faces.keep(project, [face])
    crop = project.workspace.path(face.path)
    assert read_picture(crop).shape == (80, 80, 3)
    assert now(project.catalogue, face).sha256
    assert crop_path(project.workspace, face.path, "kept") == crop


def test_a_rejected_one_lies_in_the_bin(project, face):
    faces.keep(project, [face])
    faces.reject(project, [now(project.catalogue, face)], "logo")
    assert not project.workspace.path(face.path).exists()
    assert crop_path(project.workspace, face.path, "rejected").exists()


def test_undo_and_redo_walk_through_the_history_with_the_files(project, face):
    faces.keep(project, [face])
    faces.move(project, now(project.catalogue, face), Box(20, 20, 60, 50))
    faces.reject(project, [now(project.catalogue, face)])
    at = project.workspace.path(face.path)
    assert [undo(project).action for _ in range(2)] == ["rejected a face", "moved a box"]
    assert read_picture(at).shape == (80, 80, 3)
    assert redo(project).action == "moved a box"
    assert read_picture(at).shape == (120, 120, 3)
    assert redo(project).action == "rejected a face"
    assert not at.exists()
    assert redo(project) is None


def test_undo_works_after_a_restart(project, face):
    faces.keep(project, [face])
    project.catalogue.close()
    with Catalogue(project.workspace.catalogue_path) as again:
        assert undo(Project(project.workspace, again)).action == "kept a face"
        assert again.face(face.id).state == "proposed"
    assert not project.workspace.path(face.path).exists()


def test_a_new_decision_ends_what_could_be_done_again(project, face):
    faces.keep(project, [face])
    undo(project)
    faces.reject(project, [now(project.catalogue, face)])
    assert redo(project) is None


def test_what_a_detector_did_is_not_undone(project, face):
    assert undo(project) is None
    acts = Acts()
    acts.keep([face])
    decide(project, "kept", acts, who="detector")
    assert undo(project) is None


def test_a_proposal_that_was_kept_and_taken_back_is_cut_anew_after_it_moved(project, face):
    faces.keep(project, [face])
    undo(project)
    faces.move(project, now(project.catalogue, face), Box(20, 20, 60, 50))
    faces.keep(project, [now(project.catalogue, face)])
    assert read_picture(project.workspace.path(face.path)).shape == (120, 120, 3)


def test_reassigned_faces_get_free_names(project, face):
    asuka = project.catalogue.add_character("Asuka")
    row = {"picture_id": face.picture_id, "character_id": asuka.id, "path": "faces/Asuka/001_1.jpg"}
    project.catalogue.add_faces([row | {"w": 9, "h": 9}], action="found")
    faces.keep(project, [face])
    before = project.workspace.path(face.path).read_bytes()
    faces.relabel(project, [now(project.catalogue, face)], asuka)
    moved = now(project.catalogue, face)
    assert moved.path != "faces/Asuka/001_1.jpg"
    assert moved.path.startswith("faces/Asuka/001_1")
    assert project.workspace.path(moved.path).read_bytes() == before
    assert not project.workspace.path(face.path).exists()
    undo(project)
    assert project.workspace.path(face.path).read_bytes() == before


def test_two_tabs_cannot_overwrite_each_other(project, face):
    faces.reject(project, [face])
    with pytest.raises(CatalogueError, match="Look at it again"):
        faces.keep(project, [face])
    assert now(project.catalogue, face).state == "rejected"


def test_who_decided_and_when_is_remembered(project, face):
    faces.keep(project, [face])
    kept = now(project.catalogue, face)
    assert kept.decided_by == "person"
    assert kept.decided_at > face.decided_at


def test_deciding_the_same_again_is_no_change(project, face):
    faces.keep(project, [face])
    assert faces.keep(project, [now(project.catalogue, face)]) is None


def test_names_count_up_and_are_never_given_twice(project, face):
    rei, picture = project.catalogue.character("Rei"), project.catalogue.picture(face.picture_id)
    faces.reject(project, [face])
    drawn = [faces.draw(project, picture, rei, Box(10, 10, 40, 40)) for _ in range(2)]
    assert [f.path for f in drawn] == ["faces/Rei/001_2.jpg", "faces/Rei/001_3.jpg"]


def test_pixels_of_a_proposal_come_from_its_picture(project, face):
    assert face_pixels(project, face).shape == (80, 80, 3)


def test_a_lost_face_without_a_picture_is_told(project, face):
    rei = project.catalogue.character("Rei")
    picture = project.catalogue.add_picture(rei.id, kind="face", width=90, height=90)
    row = {"picture_id": picture.id, "character_id": rei.id, "path": "faces/Rei/lost.jpg", "w": 90, "h": 90}
    (lost,) = project.catalogue.add_faces([row | {"state": "kept"}], action="imported", who="import")
    with pytest.raises(PictureError, match="is gone"):
        face_pixels(project, lost)


def test_rejecting_the_only_face_settles_its_picture_on_every_page(project, face):
    """The map's reject once put the picture back into the review; now there is one reject for all."""
    picture = face.picture_id
    faces.keep(project, [face])
    faces.reject(project, [now(project.catalogue, face)], "not a face")
    assert project.catalogue.picture(picture).review == "done"


def test_copies_of_a_face_that_is_no_longer_what_it_was_are_taken_back(project, face):
    faces.keep(project, [face])
    original = now(project.catalogue, face)
    row = {"picture_id": face.picture_id, "character_id": face.character_id, "path": "faces/Rei/001_1_balancing.jpg"}
    row |= {"state": "kept", "copy_of": face.id, "made_by": "copy", "sha256": original.sha256}
    (copy,) = project.catalogue.add_faces([row], action="balanced")
    write_bytes(project.workspace.path(copy.path), project.workspace.path(original.path).read_bytes())
    asuka = project.catalogue.add_character("Asuka")
    faces.relabel(project, [original], asuka)
    assert now(project.catalogue, copy).state == "removed"
    assert not project.workspace.path(copy.path).exists()
    undo(project)
    assert now(project.catalogue, copy).state == "kept"
    assert project.workspace.path(copy.path).exists()


def test_a_name_that_is_new_becomes_a_character_in_the_same_change(project, face):
    faces.relabel(project, [face], "Misato")
    assert project.catalogue.character("Misato").id == now(project.catalogue, face).character_id
    undo(project)
    assert [c.name for c in project.catalogue.characters()] == ["Rei"]
    assert now(project.catalogue, face).state == "proposed"


def test_nothing_is_written_where_a_crop_cannot_be_cut(project, face):
    project.workspace.path("pictures/Rei/001.jpg").unlink()
    with pytest.raises(PictureError):
        faces.keep(project, [face])
    assert now(project.catalogue, face).state == "proposed"
    assert project.catalogue.changes()[0].action == "found"


def test_edits_are_made_in_one_place():
    """Rows are edited by these modules only, so that an act means the same wherever it is asked for."""
    makers = {
        path.relative_to(ROOT).as_posix()
        for top in ("core", "ui", "pages")
        for path in (ROOT / top).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Edit"
    }
    editors = ("cast", "characters", "enrolment", "faces", "moving_folders", "transaction")
    assert makers == {f"core/workspace/{name}.py" for name in editors}


def test_a_box_that_a_person_moves_or_draws_is_kept(project, face):
    faces.move(project, face, Box(20, 20, 60, 50))
    assert now(project.catalogue, face).state == "kept"
    rei, picture = project.catalogue.character("Rei"), project.catalogue.picture(face.picture_id)
    drawn = faces.draw(project, picture, rei, Box(10, 10, 40, 40))
    assert (drawn.state, drawn.score, drawn.detector) == ("kept", 1.0, "person")


def test_one_of_several_faces_is_kept_and_a_picture_is_set_aside_with_all_of_them(project, face):
    rei, picture = project.catalogue.character("Rei"), project.catalogue.picture(face.picture_id)
    other = faces.draw(project, picture, rei, Box(10, 10, 40, 40))
    assert faces.keep_only(project, face, [other]).action == "kept one face of 2"
    assert [now(project.catalogue, f).state for f in (face, other)] == ["kept", "rejected"]
    faces.reject_picture(project, picture, "a landscape")
    assert (now(project.catalogue, face).state, now(project.catalogue, face).reason) == ("rejected", "a landscape")
    aside = project.catalogue.picture(picture.id)
    assert (aside.state, aside.reason, aside.review) == ("rejected", "a landscape", "done")


def test_the_copies_of_a_rejected_face_are_taken_back_and_those_of_a_divided_one_stay(project, face):
    faces.keep(project, [face])
    row = {"picture_id": face.picture_id, "character_id": face.character_id, "path": "faces/Rei/001_1_balancing.jpg"}
    (copy,) = project.catalogue.add_faces([row | {"state": "kept", "copy_of": face.id}], action="balanced")
    write_bytes(project.workspace.path(copy.path), b"a copy")
    acts = Acts()
    acts.divide(now(project.catalogue, face), "train")
    acts.enrol([now(project.catalogue, face)])
    decide(project, "divided", acts)
    assert (now(project.catalogue, face).enrolled, now(project.catalogue, copy).state) == (True, "kept")
    faces.reject(project, [now(project.catalogue, face)])
    assert now(project.catalogue, copy).state == "removed"


@pytest.mark.parametrize("act", [faces.keep, faces.reject])
def test_a_face_that_was_removed_with_its_character_comes_back_to_somebody_or_not_at_all(project, face, act):
    faces.keep(project, [face])
    characters.delete(project, project.catalogue.character("Rei"))
    with pytest.raises(CatalogueError, match=r"was removed with Rei\. Say whose it is now, or `undo` the removal"):
        act(project, [now(project.catalogue, face)])
    assert now(project.catalogue, face).state == "removed"
    faces.relabel(project, [now(project.catalogue, face)], "Asuka")
    kept = now(project.catalogue, face)
    assert (kept.state, project.catalogue.character(kept.character_id).name) == ("kept", "Asuka")
