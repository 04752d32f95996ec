"""What the routes do: enrolments and corrections reach the next answer, detections come back in their order."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from core.errors import DataError
from core.imaging.boxes import Box, Detection
from core.imaging.framing import FACE_CROP
from core.imaging.hashes import perceptual
from core.recognise.verdict import Evidence
from core.server import service as module
from core.server.schemas import Correction
from core.server.service import Question, Service
from tests.conftest import noise
from tests.faces import add_faces
from tests.recognised import recognised

WHITE, BLACK = np.full((60, 60, 3), 255, np.uint8), np.zeros((60, 60, 3), np.uint8)


class Detector:
    """As many faces as a picture's first pixel says; the score asked for is the score found."""

    operating_point = 0.5

    def detect(self, rgb, *, min_score=None):
        return self.detect_many([rgb], min_score=min_score)[0]

    def detect_many(self, pictures, *, min_score=None):
        return [[Detection(Box(5 + i, 5, 20, 20), min_score or 0.5) for i in range(p[0, 0, 0])] for p in pictures]


@pytest.fixture
def opened():
    """The recognisers that were opened."""
    return []


@pytest.fixture
def service(project, monkeypatch, opened):
    class Recogniser:
        def ask(self, rgb, *, is_face_crop=None):
            return []

    monkeypatch.setattr(module, "load_detector", lambda *a, **k: Detector())
    monkeypatch.setattr(
        module, "open_recogniser", lambda p, far, shipped_cast: opened.append((far, shipped_cast)) or Recogniser()
    )
    monkeypatch.setattr(module, "encoder_digest", lambda path: "digest")
    made = Service(project, far=0.05)
    yield made
    made.close()


def with_faces(n):
    rgb = WHITE.copy()
    rgb[0, 0, 0] = n
    return rgb


def test_the_recogniser_is_kept_until_the_gallery_changes(service, project, opened):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    project.catalogue.set_values("faces", {face_id: {"enrolled": True}})
    for _ in range(2):
        assert service.recognise(Question(WHITE)).result(5) == []
    assert opened == [(0.05, False)]
    service.correct(Correction(face=face_id, action="reject"))
    service.recognise(Question(WHITE)).result(5)
    assert len(opened) == 2


def test_the_shipped_cast_is_asked_where_a_question_wants_it_and_no_other_question_hears_of_it(service, opened):
    wanted = [service.recognise(Question(WHITE, shipped_cast=asked)) for asked in (True, False, True)]
    assert [one.result(5) for one in wanted] == [[], [], []]
    assert sorted(opened) == [(0.05, False), (0.05, True)]


def test_an_answer_about_a_picture_that_is_enrolled_says_so(service, project, monkeypatch):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    project.catalogue.set_values("faces", {face_id: {"phash": f"{perceptual(noise(1)):016x}"}})
    face = recognised("match", "Rei")
    face = replace(face, answer=replace(face.answer, evidence=(Evidence(str(face_id), "Rei", 0.9),)))
    asked = SimpleNamespace(ask=lambda rgb, is_face_crop=None: [replace(face, face=rgb)])
    monkeypatch.setattr(module, "open_recogniser", lambda *a, **k: asked)
    answers = [service.recognise(Question(noise(n))).result(5)[0] for n in (1, 2)]
    assert [one.get("enrolled_already") for one in answers] == [True, None]


def test_ready_once_somebody_is_enrolled(service, project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    assert not service.ready
    project.catalogue.set_values("faces", {face_id: {"enrolled": True}})
    assert service.ready


def test_detections_of_different_scores_come_back_to_their_pictures(service):
    asked = [service.detect(with_faces(n), score) for n, score in ((2, None), (0, 0.25), (1, 0.25))]
    found = [[f["score"] for f in one.result(5)] for one in asked]
    assert found == [[0.5, 0.5], [], [0.25]]


def test_one_face_is_cut_none_is_the_whole_and_two_are_refused(service, project, monkeypatch):
    enrolled = []
    monkeypatch.setattr(module, "enrol", lambda p, name, crops: enrolled.append((name, crops)) or [1, 2, 3])
    done = service.enrol("Rei", [with_faces(1), with_faces(0)])
    assert done.action == "2 faces enrolled as Rei; 3 in all"
    ((name, (cut, whole)),) = enrolled
    assert name == "Rei"
    assert (cut.framing, cut.rgb.shape) == (FACE_CROP, (40, 40, 3))
    assert (whole.framing, whole.rgb.shape) == ("", (60, 60, 3))
    with pytest.raises(DataError, match="Picture 2 shows 2 faces"):
        service.enrol("Rei", [with_faces(1), with_faces(2)])
    assert len(enrolled) == 1


def test_corrections_are_the_acts_of_the_pages(service, project):
    (face_id,) = add_faces(project, {"Rei": 1})["Rei"]
    service.correct(Correction(face=face_id, action="keep"))
    assert "nothing to change" in service.correct(Correction(face=face_id, action="keep")).action
    service.correct(Correction(face=face_id, action="reject", reason="logo"))
    assert (project.catalogue.face(face_id).state, project.catalogue.face(face_id).reason) == ("rejected", "logo")
    service.correct(Correction(face=face_id, action="relabel", character="Asuka"))
    assert project.catalogue.character("Asuka").id == project.catalogue.face(face_id).character_id
    with pytest.raises(DataError, match="Name the character"):
        service.correct(Correction(face=face_id, action="relabel"))


def test_faces_are_counted_without_rejected_ones_and_copies(service, project):
    one, two = add_faces(project, {"Rei": 2})["Rei"]
    project.catalogue.add_character("Asuka")
    row = {"picture_id": project.catalogue.face(one).picture_id, "state": "kept", "copy_of": one}
    project.catalogue.add_faces([row | {"character_id": project.catalogue.face(one).character_id}], action="balanced")
    service.correct(Correction(face=two, action="reject"))
    assert [(c.name, c.faces) for c in service.characters()] == [("Asuka", 0), ("Rei", 1)]
