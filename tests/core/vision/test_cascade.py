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


@pytest.fixture(scope="module")
def xml():
    if not (DATA / FILE_NAME).is_file():
        pytest.skip(f"{DATA / FILE_NAME} is not here")
    return DATA / FILE_NAME


@pytest.fixture(scope="module")
def web_pictures(xml):
    rows = [json.loads(line) for line in (WEB / "boxes.jsonl").read_text().splitlines()][:24]
    pictures = [cv2.cvtColor(cv2.imread(str(WEB / row["picture"])), cv2.COLOR_BGR2RGB) for row in rows]
    return pictures, [[Box(*face["box"]) for face in row["faces"]] for row in rows]


def without_network(monkeypatch, answer):
    def get(url, **options):
        assert options == {"timeout": 20, "follow_redirects": True, "headers": {"User-Agent": "WhoAmI"}}
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


class Windows:
    """A classifier that finds these windows, and remembers on what and how it was asked."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def load(self, path):
        return True

    def detectMultiScale2(self, grey, scaleFactor, minNeighbors, minSize):
        self.asked.append((grey.shape, scaleFactor, minNeighbors, minSize))
        found = self.answers.pop(0)
        return [box for box, _ in found], [n for _, n in found]


@pytest.fixture
def windows(monkeypatch, tmp_path):
    def make(preset, *answers):
        classifier = Windows(*answers)
        monkeypatch.setattr(cv2, "CascadeClassifier", lambda: classifier)
        return CascadeDetector(tmp_path / "c.xml", PRESETS[preset]), classifier

    return make


def test_the_score_is_the_share_of_the_windows_that_agree_and_the_best_come_first(windows):
    detector, _ = windows("cascade-raw", [((0, 0, 40, 40), 5), ((100, 50, 20, 20), 15)])
    found = detector.detect(np.zeros((200, 300, 3), np.uint8))
    assert [(d.box, d.score, d.detector) for d in found] == [
        (Box(100, 50, 20, 20), 0.75, "cascade-raw"),
        (Box(0, 0, 40, 40), 0.5, "cascade-raw"),
    ]


@pytest.mark.parametrize(
    ("min_score", "neighbours"), [(None, 5), (0.5, 5), (0.75, 15), (0.3, 2), (0.0, 1), (-1, 1), (0.95, 94), (1.0, 94)]
)
def test_a_lower_score_lets_faces_with_fewer_windows_through(windows, min_score, neighbours):
    detector, classifier = windows("cascade", [])
    detector.detect(np.zeros((200, 300, 3), np.uint8), min_score=min_score)
    assert classifier.asked == [((200, 300), 1.1, neighbours, (24, 24))]


def test_the_sensitive_preset_looks_at_a_usual_size_and_in_the_mirror(windows):
    """1000 x 500 is looked at as 700 x 350; a window mirrored and one that is not lie on the same place."""
    detector, classifier = windows("cascade-sensitive", [((70, 70, 70, 70), 6)], [((560, 70, 70, 70), 6)])
    (found,) = detector.detect(np.zeros((500, 1000, 3), np.uint8))
    assert [asked[0] for asked in classifier.asked] == [(350, 700)] * 2
    assert found.score == 6 / (6 + 3)
    assert found.box.as_list() == tighten(Box(100, 100, 100, 100)).as_list()


def test_a_small_picture_is_enlarged_and_one_of_usual_size_left(windows):
    for side, looked_at in ((100, 500), (600, 600), (500, 500), (700, 700), (701, 700)):
        detector, classifier = windows("cascade-sensitive", [], [])
        detector.detect(np.zeros((side, side, 3), np.uint8))
        assert classifier.asked[0][0] == (looked_at, looked_at)


@pytest.mark.parametrize(("shift", "joined"), [(53, True), (54, False)])
def test_passes_whose_boxes_share_three_tenths_are_joined(shift, joined):
    """Two boxes 100 wide, shifted by s, share (100 - s) / (100 + s)."""
    assert (len(merge([(Box(0, 0, 100, 10), 4.0), (Box(shift, 0, 100, 10), 2.0)])) == 1) is joined


def test_a_joined_box_is_the_mean_weighted_by_windows():
    ((box, count),) = merge([(Box(0, 0, 10, 10), 1.0), (Box(4, 0, 10, 14), 3.0)])
    assert (box.as_list(), count) == ([3.0, 0.0, 10.0, 13.0], 2.0)


def test_a_cascade_that_is_not_loaded_is_told(monkeypatch, tmp_path):
    classifier = Windows()
    classifier.load = lambda path: False
    monkeypatch.setattr(cv2, "CascadeClassifier", lambda: classifier)
    with pytest.raises(DetectorError, match=f"Put {FILE_NAME} there"):
        CascadeDetector(tmp_path / "c.xml")
