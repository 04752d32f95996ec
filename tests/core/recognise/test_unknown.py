"""Unknown faces are taken in without a name, many as one change; faces that got a name or a guess are not."""

from __future__ import annotations

from dataclasses import replace

from core.recognise import unknown
from core.recognise.unknown import UnknownFaces
from core.workspace.undo import undo
from tests.conftest import noise
from tests.recognised import answered, recognised


def face(verdict: str, seed: int):
    return replace(recognised(verdict, None if verdict == "unknown" else "Rei"), face=noise(seed))


def unnamed(project):
    return project.catalogue.faces(character_id=None, state="kept")


def test_only_unknown_faces_are_taken_in_and_so_many_are_one_change(project, tmp_path, monkeypatch):
    monkeypatch.setattr(unknown, "TOGETHER", 2)
    faces = UnknownFaces(project)
    faces.put(answered(tmp_path / "a.png", face("match", 1), face("unknown", 2), face("unsure", 3)))
    assert unnamed(project) == [], "it waits for more"
    faces.put(answered(tmp_path / "b.png", face("unknown", 4)))
    assert len(unnamed(project)) == 2
    faces.put(answered(tmp_path / "c.png", face("unknown", 5), error=""))
    faces.write()
    faces.write()
    assert [one.source for one in project.catalogue.pictures()] == [str(tmp_path / f"{n}.png") for n in "abc"]
    undo(project)
    assert len(unnamed(project)) == 2
    undo(project)
    assert unnamed(project) == []
