import json
from concurrent.futures import ThreadPoolExecutor

import cv2
import httpx
import numpy as np
import pytest

from core.errors import DetectorError
from core.imaging.boxes import Box
from core.settings import ROOT, Settings
from core.vision.cascade import FILE_NAME, PRESETS, CascadeDetector, fetch_cascade, find_cascade, merge, tighten

DATA = ROOT.parent / "shared" / "data"
WEB = DATA / "pictures" / "web"


@pytest.fixture
def xml():
    if not (DATA / FILE_NAME).is_file():
        pytest.skip(f"{DATA / FILE_NAME} is not here")
    return DATA / FILE_NAME


@pytest.fixture
def web_pictures(xml):
    rows = [json.loads(line) for line in (WEB / "boxes.jsonl").read_text().splitlines()][:24]
    pictures = [cv2.cvtColor(cv2.imread(str(WEB / row["picture"])), cv2.COLOR_BGR2RGB) for row in rows]
    return pictures, [[Box(*face["box"]) for face in row["faces"]] for row in rows]


def without_network(monkeypatch, answer):
    def get(url, **options):
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(200, content=answer, request=httpx.Request("GET", url))

    monkeypatch.setattr(httpx, "get", get)


def test_tight_box_is_two_thirds_of_the_cascades():
    box = tighten(Box(0, 0, 100, 100))
    assert box.as_list() == [16.5, 17.5, 67.0, 67.0]


def test_passes_that_agree_are_joined():
    joined = merge([(Box(0, 0, 10, 10), 6.0), (Box(0, 0, 10, 10), 2.0), (Box(50, 50, 10, 10), 4.0)])
    assert joined == [(Box(0, 0, 10, 10), 4.0), (Box(50, 50, 10, 10), 2.0)]


def test_settings_name_the_file(xml, tmp_path):
    assert find_cascade(Settings(cascade=xml)) == xml
    with pytest.raises(DetectorError, match=r"nowhere\.xml.*settings\.toml"):
        find_cascade(Settings(cascade=tmp_path / "nowhere.xml"))


def test_models_folder_is_looked_in(tmp_path):
    (tmp_path / FILE_NAME).write_text("<cascade/>")
    assert find_cascade(Settings(models_dir=tmp_path)) == tmp_path / FILE_NAME


def test_fetched_once_and_checked(xml, tmp_path, monkeypatch):
    without_network(monkeypatch, xml.read_bytes())
    target = fetch_cascade(tmp_path / "models" / FILE_NAME)
    assert target.read_bytes() == xml.read_bytes()
    assert [p.name for p in target.parent.iterdir()] == [FILE_NAME]


def test_wrong_bytes_are_not_saved(tmp_path, monkeypatch):
    without_network(monkeypatch, b"<html>not found</html>")
    with pytest.raises(DetectorError, match="nothing was saved"):
        fetch_cascade(tmp_path / FILE_NAME)
    assert list(tmp_path.iterdir()) == []


def test_no_network_says_what_to_do(tmp_path, monkeypatch):
    without_network(monkeypatch, httpx.ConnectError("no route"))
    with pytest.raises(DetectorError, match=r"no route.*Download it from https"):
        fetch_cascade(tmp_path / FILE_NAME)


def test_broken_file_is_told(tmp_path):
    path = tmp_path / FILE_NAME
    path.write_text("nonsense")
    with pytest.raises(DetectorError, match="not a cascade"):
        CascadeDetector(path)


def test_articles_settings_are_the_default():
    preset = PRESETS["cascade"]
    assert (preset.scale_factor, preset.min_neighbours, preset.min_size) == (1.1, 5, 24)


def test_sensitive_finds_more_of_the_drawn_boxes(xml, web_pictures):
    pictures, truth = web_pictures

    def hits(name):
        found = CascadeDetector(xml, PRESETS[name]).detect_many(pictures)
        return cascade_hits(found, truth)

    article, sensitive = hits("cascade"), hits("cascade-sensitive")
    assert sensitive > article > 0


def cascade_hits(found, truth):
    from core.vision.matching import centred, match_detections

    return match_detections(found, truth, centred).at(0).hits


def test_lower_score_brings_more_boxes_and_never_fewer(xml, web_pictures):
    detector = CascadeDetector(xml)
    pictures = web_pictures[0][:8]
    strict, loose = detector.detect_many(pictures), detector.detect_many(pictures, min_score=0.1)
    assert sum(map(len, loose)) > sum(map(len, strict))
    assert all(d.score >= 0.5 for boxes in strict for d in boxes)


def test_threads_share_one_detector(xml, web_pictures):
    detector = CascadeDetector(xml)
    pictures = web_pictures[0][:8]
    expected = detector.detect_many(pictures)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(detector.detect, pictures)) == expected


def test_boxes_stay_in_the_picture_and_empty_pictures_have_none(xml):
    assert CascadeDetector(xml, PRESETS["cascade-sensitive"]).detect(np.full((40, 60, 3), 128, np.uint8)) == []
