"""Enrolling is one change, whatever it takes: keep, relabel, take in, and a character that is new."""

from __future__ import annotations

from core.workspace.enrolment import LoneFace, enrol_as
from core.workspace.undo import redo, undo
from tests.conftest import noise
from tests.faces import add_faces


def test_enrolling_by_id_and_a_lone_crop_is_one_change(project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    done = enrol_as(project, "Asuka", [face_id, LoneFace(noise(7), "from the web", "picture.jpg")])
    assert [f.enrolled for f in done] == [True, True]
    assert {f.character_id for f in done} == {project.catalogue.character("Asuka").id}
    assert [f.path for f in done] == ["faces/Asuka/000_1.jpg", "faces/Asuka/from_the_web_1.jpg"]
    assert all(project.workspace.path(f.path).exists() for f in done)
    undo(project)
    assert [c.name for c in project.catalogue.characters()] == ["Rei"]
    assert [(f.id, f.enrolled, f.path) for f in project.catalogue.faces(state="kept")] == [
        (face_id, False, "faces/Rei/000_1.jpg")
    ]
    assert project.workspace.path("faces/Rei/000_1.jpg").exists()
    redo(project)
    assert len(project.catalogue.faces(enrolled=True, state="kept")) == 2
