from itertools import islice

import cv2
import numpy as np
import pytest

from core.drawn import cast, pictures
from core.drawn.picture import draw_face
from core.errors import DetectorError
from core.settings import ROOT, Settings
from core.vision import detector
from core.vision.cells import turned_back
from core.vision.detector import NAMES, Detector, load_detector
from core.vision.matching import centred, match_detections

XML = ROOT.parent / "shared" / "data" / "lbpcascade_animeface.xml"


@pytest.fixture
def settings():
    if not XML.is_file():
        pytest.skip(f"{XML} is not here")
    return Settings(cascade=XML)


@pytest.fixture
def no_weights(monkeypatch, tmp_path):
    monkeypatch.setattr(detector, "WEIGHTS", tmp_path / "detector.safetensors")


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("cascade")])
def test_each_cascade_answers_to_its_name(name, settings):
    found = load_detector(name, settings=settings)
    assert found.name == name
    assert isinstance(found, Detector)


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(DetectorError, match=r"'yolo'.*auto, cnn, cnn-tiles, cascade"):
        load_detector("yolo")


def test_auto_without_weights_is_the_sensitive_cascade(settings, no_weights):
    assert load_detector("auto", settings=settings).name == "cascade-sensitive"


def test_auto_with_nothing_at_hand_says_so(no_weights, tmp_path):
    with pytest.raises(DetectorError, match=r"No face detector can be had.*nowhere\.xml"):
        load_detector("auto", settings=Settings(cascade=tmp_path / "nowhere.xml"))


@pytest.fixture
def shipped():
    return load_detector("auto")


def test_auto_with_weights_is_the_network(shipped):
    assert shipped.name == "cnn"
    assert isinstance(shipped, Detector)
    assert 0.1 < shipped.operating_point < 0.9
    assert detector.WEIGHTS.stat().st_size < 6_000_000


def test_the_shipped_network_finds_drawn_faces(shipped):
    drawn = [picture for _, _, picture in pictures(cast(8, 99), 2, 99)]
    found = shipped.detect_many([picture.pixels for picture in drawn])
    matches = match_detections(found, [[face.box for face in picture.faces] for picture in drawn], centred).at(0)
    assert matches.recall >= 0.7
    assert matches.precision >= 0.8


def test_tiles_find_small_faces_on_a_very_large_picture():
    alone = (p for _, _, p in pictures(cast(8, 99), 4, 99) if [f.pose for f in p.faces] == ["front"])
    drawn = list(islice(alone, 5))
    hits = {"cnn": 0, "cnn-tiles": 0}
    for picture in drawn:
        small = cv2.resize(picture.pixels, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
        sheet = np.full((2400, 2400, 3), 205, np.uint8)
        sheet[1100 : 1100 + small.shape[0], 1500 : 1500 + small.shape[1]] = small
        true = picture.faces[0].box.scale(0.6).shift(1500, 1100)
        for name in hits:
            hits[name] += any(true.iou(one.box) > 0.5 for one in load_detector(name).detect(sheet))
    assert hits["cnn-tiles"] >= 4
    assert hits["cnn"] < hits["cnn-tiles"]


def test_faces_on_a_strip_are_found_and_each_once(shipped):
    """Six drawn faces, one below the other on 400 x 6,000 pixels, with empty space between."""
    strip, truth = np.full((6000, 400, 3), 230, np.uint8), []
    for number, one in enumerate(cast(6, 3)):
        face = cv2.resize(draw_face(one, 5), (200, 200), interpolation=cv2.INTER_AREA)
        top, left = 150 + 970 * number, 40 + 30 * number
        strip[top : top + 200, left : left + 200] = face
        truth.append((left + 100, top + 110))
    found = shipped.detect(strip)
    assert len(found) <= 7
    assert sum(any(d.box.contains(*centre) for d in found) for centre in truth) >= 5


def test_a_lying_face_is_found(shipped):
    drawn = [p for _, _, p in pictures(cast(8, 99), 4, 99) if [f.pose for f in p.faces] == ["front"]][:6]
    hits = 0
    for picture in drawn:
        box = turned_back(picture.faces[0].box, 1, np.rot90(picture.pixels).shape)
        lying = np.ascontiguousarray(np.rot90(picture.pixels, 3))
        hits += any(d.box.iou(box) > 0.4 for d in shipped.detect(lying))
    assert hits >= 4
