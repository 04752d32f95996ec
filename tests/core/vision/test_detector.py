import pytest

from core.drawn import cast, pictures
from core.errors import DetectorError
from core.settings import ROOT, Settings
from core.vision import detector
from core.vision.detector import NAMES, Detector, load_detector
from core.vision.matching import centred, judge

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
    with pytest.raises(DetectorError, match=r"'yolo'.*auto, cnn, cascade"):
        load_detector("yolo")


def test_auto_without_weights_is_the_sensitive_cascade(settings, no_weights):
    assert load_detector("auto", settings=settings).name == "cascade-sensitive"


def test_auto_with_nothing_at_hand_says_so(no_weights, tmp_path):
    with pytest.raises(DetectorError, match=r"No face detector can be had.*nowhere\.xml"):
        load_detector("auto", settings=Settings(cascade=tmp_path / "nowhere.xml"))


@pytest.fixture
def shipped():
    if not detector.WEIGHTS.is_file():
        pytest.skip(f"{detector.WEIGHTS} is not here")
    return load_detector("auto")


def test_auto_with_weights_is_the_network(shipped):
    assert shipped.name == "cnn"
    assert isinstance(shipped, Detector)
    assert 0.1 < shipped.operating_point < 0.9
    assert detector.WEIGHTS.stat().st_size < 6_000_000


def test_the_shipped_network_finds_drawn_faces(shipped):
    drawn = [picture for _, _, picture in pictures(cast(8, 99), 2, 99)]
    found = shipped.detect_many([picture.pixels for picture in drawn])
    matches = judge(found, [[face.box for face in picture.faces] for picture in drawn], centred).at(0)
    assert matches.recall >= 0.7
    assert matches.precision >= 0.8
