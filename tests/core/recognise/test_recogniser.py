"""The recogniser: its detector, what may be enrolled, and whose strangers judge its threshold."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import DataError, DetectorError
from core.imaging.boxes import Box, Detection
from core.imaging.framing import FACE_CROP
from core.imaging.reading import encode_jpeg
from core.recognise import recogniser
from core.recognise.advice import chances
from core.recognise.gallery import Gallery
from core.recognise.impostors import Bank
from core.recognise.recogniser import Calibration, Recogniser, _detector_for, _enrolled, calibrate
from core.recognise.threshold import ENOUGH, Scores
from core.similarity.prototypes import l2_normalize
from core.workspace.enrolment import LoneFace
from core.workspace.models import EncoderChoice
from tests.conftest import noise
from tests.faces import add_faces


class Remembers:
    def __init__(self):
        self.scores = []

    def detect(self, rgb, *, min_score=None):
        self.scores.append(min_score)
        return []


def test_the_detector_comes_from_the_projects_folders_and_is_asked_at_the_given_score(settings, tmp_path, monkeypatch):
    detector, asked = Remembers(), []
    monkeypatch.setattr(
        recogniser, "load_detector", lambda name, *, settings: asked.append((name, settings)) or detector
    )
    choice = EncoderChoice("run", tmp_path / "encoder.safetensors", "named by you")
    one = Recogniser(None, None, choice, settings, "cascade", 0.25)
    monkeypatch.setitem(one.__dict__, "encoder", None)  # no face is found, so nothing is embedded
    assert one.ask(np.zeros((60, 300, 3), np.uint8)) == []
    assert asked == [("cascade", settings)]
    assert detector.scores == [0.25]


class Finds:
    """So many faces of 20 x 20 on any picture."""

    def __init__(self, n):
        self.n = n

    def detect(self, rgb, *, min_score=None):
        return [Detection(Box(40 + 50 * i, 40, 20, 20), 0.9) for i in range(self.n)]


def enrolled(item, project, monkeypatch, n=1):
    monkeypatch.setattr(recogniser, "load_detector", lambda *a, **k: Finds(n))
    return _enrolled(project, "Rei", item, "auto")


def test_ids_and_crops_are_enrolled_as_they_are(project, monkeypatch):
    crop, lone = noise(1), LoneFace(noise(2), "a", "b")
    assert enrolled(5, project, monkeypatch) == 5
    assert enrolled(lone, project, monkeypatch) is lone
    assert enrolled(crop, project, monkeypatch).rgb is crop


@pytest.mark.parametrize(("n", "shape", "framing"), [(1, (40, 40, 3), FACE_CROP), (0, (100, 200, 3), "")])
def test_of_a_picture_its_one_face_is_enrolled_or_the_whole(project, monkeypatch, tmp_path, n, shape, framing):
    (tmp_path / "rei.jpg").write_bytes(encode_jpeg(noise(1, 100, 200)))
    found = enrolled(tmp_path / "rei.jpg", project, monkeypatch, n)
    assert (found.rgb.shape, found.framing) == (shape, framing)


def test_a_picture_with_two_faces_asks_which_is_meant(project, monkeypatch, tmp_path):
    (tmp_path / "rei.jpg").write_bytes(encode_jpeg(noise(1, 100, 200)))
    with pytest.raises(DataError, match=r"shows 2 faces\. Crop the one that is Rei first"):
        enrolled(tmp_path / "rei.jpg", project, monkeypatch, 2)


def test_without_a_detector_a_crop_is_taken_as_it_is_and_a_picture_is_not():
    def none():
        raise DetectorError("There is none.")

    assert _detector_for([np.zeros((300, 300, 3), np.uint8)], none) is None
    with pytest.raises(DetectorError):
        _detector_for([np.zeros((300, 300, 3), np.uint8), np.zeros((300, 900, 3), np.uint8)], none)
    found = Finds(1)
    assert _detector_for([np.zeros((300, 900, 3), np.uint8)], lambda: found) is found


@pytest.mark.parametrize(("strangers", "asked"), [(ENOUGH - 1, False), (ENOUGH, True)])
def test_a_workspaces_own_strangers_judge_where_there_are_enough(project, monkeypatch, tmp_path, strangers, asked):
    ids = add_faces(project, {"Misato": strangers})["Misato"]
    project.catalogue.set_values("faces", {i: {"split": "stranger"} for i in ids})
    seen = []

    class Enough(Exception):
        pass

    def scores(gallery, vectors, bank):
        seen.append(vectors)
        raise Enough

    monkeypatch.setattr(recogniser, "embed_readable", lambda project, faces, *_, colourless: (faces, len(faces)))
    monkeypatch.setattr(recogniser, "find_bank", lambda *a: None)
    monkeypatch.setattr(recogniser, "gallery_scores", scores)
    with pytest.raises(Enough):
        calibrate(project, Gallery.empty("e", 3), EncoderChoice("run", tmp_path, ""))
    assert seen == [strangers if asked else None]


def test_the_threshold_of_another_rate_is_read_from_the_scores_that_were_taken_once(settings, tmp_path):
    known = np.array([0.9], np.float32)
    scored = Calibration(Scores(known, np.linspace(0, 0.999, 1000, dtype=np.float32), known, known > 0), ())
    one = Recogniser(None, None, EncoderChoice("run", tmp_path, ""), settings, calibration=scored)
    assert [round(one.at(far).match, 3) for far in (0.01, 0.05)] == [0.99, 0.95]
    with pytest.raises(ValueError, match="open_recogniser"):
        Recogniser(None, None, one.choice, settings).at(0.05)


def test_advice_is_given_by_the_same_measure_as_the_threshold(project, tmp_path, monkeypatch):
    """What each face needs beyond it counts for both."""
    vectors = l2_normalize(np.random.default_rng(0).normal(size=(52, 8)).astype(np.float32))
    gallery, bank = Gallery(vectors[:12], tuple("aaabbbcccddd"), tuple(map(str, range(12))), "e"), Bank(vectors[12:])
    monkeypatch.setattr(recogniser, "find_bank", lambda *a: bank)
    found = calibrate(project, gallery, EncoderChoice("run", tmp_path, ""))
    assert found.scores.cohort is bank.cohort
    for one, expected, plain in zip(found.chances, chances(gallery, bank.cohort), chances(gallery), strict=True):
        assert one.own.tolist() == expected.own.tolist() != plain.own.tolist()
