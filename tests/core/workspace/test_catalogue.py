"""The catalogue keeps every decision, gives it back, and refuses what is based on old news."""

from __future__ import annotations

import pytest

from core.errors import CatalogueError
from core.workspace.catalogue import Catalogue
from core.workspace.history import Edit
from core.workspace.undo import redo, undo
from tests.edits import change


@pytest.fixture
def face(catalogue):
    rei = catalogue.add_character("Rei")
    picture = catalogue.add_picture(rei.id, path="pictures/Rei/001.jpg")
    row = {"picture_id": picture.id, "character_id": rei.id, "x": 1, "y": 2, "w": 3, "h": 4}
    return catalogue.add_faces([row], action="found")[0]


def test_the_same_name_is_the_same_character_and_case_gets_its_own_folder(catalogue):
    assert catalogue.add_character("Rei").id == catalogue.add_character("  Rei ").id
    assert catalogue.add_character("REI").slug == "REI_2"


def test_undo_and_redo_go_through_decisions_in_order(project, catalogue, face):
    change(project, "keep", Edit("faces", face.id, {"state": "kept"}))
    change(project, "reject", Edit("faces", face.id, {"state": "rejected", "reason": "logo"}))
    assert undo(project).action == "reject"
    assert catalogue.face(face.id).state == "kept"
    assert catalogue.face(face.id).reason == ""
    assert undo(project).action == "keep"
    assert catalogue.face(face.id).state == "proposed"
    assert undo(project) is None  # what the detector proposed is not a person's to take back
    assert redo(project).action == "keep"
    assert redo(project).action == "reject"
    assert catalogue.face(face.id).reason == "logo"
    assert redo(project) is None


def test_a_second_tab_cannot_overwrite_silently(project, catalogue, face):
    change(project, "keep", Edit("faces", face.id, {"state": "kept"}, face.revision))
    with pytest.raises(CatalogueError, match="changed elsewhere"):
        change(project, "reject", Edit("faces", face.id, {"state": "rejected"}, face.revision))
    assert catalogue.face(face.id).state == "kept"


def test_a_change_is_all_or_nothing(project, catalogue, face):
    edits = [Edit("faces", face.id, {"state": "kept"}), Edit("faces", 999, {"state": "kept"})]
    with pytest.raises(CatalogueError, match="no row 999"):
        change(project, "keep", *edits)
    assert catalogue.face(face.id).state == "proposed"
    assert catalogue.changes()[0].action == "found"


def test_dividing_or_enrolling_a_face_is_not_a_decision_about_it(project, catalogue, face):
    change(project, "divided", Edit("faces", face.id, {"split": "train", "enrolled": True}))
    assert catalogue.face(face.id).decided_by == "detector"
    assert catalogue.face(face.id).revision == 1


def test_a_newer_file_is_refused_in_words(workspace, catalogue):
    with catalogue.writing() as db:
        db.exec_driver_sql("PRAGMA user_version = 99")
    with pytest.raises(CatalogueError, match="newer version"):
        Catalogue(workspace.catalogue_path)


def test_unknown_names_list_those_there_are(catalogue):
    catalogue.add_character("Rei")
    with pytest.raises(CatalogueError, match="There are: Rei"):
        catalogue.character("Asuka")
