import pytest

from core.errors import DetectorError
from core.settings import ROOT, Settings
from core.vision import detector
from core.vision.detector import NAMES, Detector, load_detector

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
