"""sync: what was put into the folders, and what vanished, in figures and with paths."""

from __future__ import annotations

from core.atomic import write_bytes
from core.imaging.reading import encode_jpeg
from tests.conftest import noise
from tests.faces import add_faces


def test_it_names_what_it_took_in_and_what_vanished(run, told, project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    path = project.catalogue.face(face_id).path
    project.workspace.path(path).unlink()
    write_bytes(project.workspace.path("faces/Asuka/b.jpg"), encode_jpeg(noise(5)))
    code, document, _ = run("sync")
    assert code == 0
    assert (document["faces_taken_in"], document["vanished"]) == (["faces/Asuka/b.jpg"], [path])
    words = told("sync").splitlines()
    assert "faces taken in: 0" in words
    assert "vanished: 1" in words
    assert f"  vanished: {path}" in words


def test_a_renamed_folder_is_asked_about_and_renamed_once_that_is_said(told, project):
    add_faces(project, {"Rei": 1})
    project.workspace.path("faces/Rei").rename(project.workspace.path("faces/Yui"))
    assert "Was Rei renamed to Yui? Then `sync --renames rename`" in told("sync")
    assert "Was Rei" not in told("sync", "--renames", "rename")
    assert [c.name for c in project.catalogue.characters()] == ["Yui"]
