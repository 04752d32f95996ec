"""undo: one decision back, or a sentence where there is none."""

from __future__ import annotations

from core.workspace import faces
from tests.faces import add_faces


def test_the_last_decision_is_taken_back_and_named(run, told, project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    assert run("undo")[1] == {"undone": None}
    assert told("undo") == "There is nothing to take back.\n"
    faces.reject(project, [project.catalogue.face(face_id)], "logo")
    assert run("undo")[1]["undone"] == "rejected a face: logo"
    assert project.catalogue.face(face_id).state == "kept"
    assert run("undo", "--redo")[1]["redone"] == "rejected a face: logo"
    assert project.catalogue.face(face_id).state == "rejected"
    assert told("undo", "--redo") == "There is nothing to make again.\n"
