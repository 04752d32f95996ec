from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from core.errors import DetectorError
from core.imaging.boxes import Box, Detection
from core.vision.cnn import CnnDetector, _by_shape, checked, clear
from core.vision.detector import Detector
from core.vision.tiling import parts_of, tiles_of
from tests.core.vision.tiny_detector import TINY


def test_many_pictures_give_what_each_gives_alone(net):
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 256, (h, w, 3), dtype=np.uint8) for h, w in ((90, 120), (200, 80), (90, 120), (64, 64))]
    detector = CnnDetector.of(net, TINY)
    assert isinstance(detector, Detector)
    together = detector.detect_many(pictures, min_score=0.05)
    assert sum(map(len, together)) > 0
    for picture, boxes in zip(pictures, together, strict=True):
        alone = detector.detect(picture, min_score=0.05)
        assert [d.box.as_list() for d in alone] == [pytest.approx(d.box.as_list(), abs=0.1) for d in boxes]
        assert all(d.box.x >= 0 and d.box.right <= picture.shape[1] + 1e-6 for d in boxes)


def test_operating_point_is_the_specs_and_lower_brings_more(net):
    picture = np.random.default_rng(1).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    detector = CnnDetector.of(net, TINY)
    assert all(d.score >= TINY.score for d in detector.detect(picture))
    assert len(detector.detect(picture, min_score=0.02)) >= len(detector.detect(picture))


def test_threads_share_one_detector(net):
    rng = np.random.default_rng(2)
    pictures = [rng.integers(0, 256, (100, 100, 3), dtype=np.uint8) for _ in range(6)]
    detector = CnnDetector.of(net, TINY)
    expected = [[d.box.as_list() for d in detector.detect(p, min_score=0.05)] for p in pictures]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda p: detector.detect(p, min_score=0.05), pictures))
    assert [[pytest.approx(d.box.as_list(), abs=0.1) for d in boxes] for boxes in found] == expected


def test_tiles_cover_a_very_large_picture_and_only_that():
    assert tiles_of(np.zeros((900, 2000, 3), np.uint8)) == []
    tiles = tiles_of(np.zeros((2200, 1200, 3), np.uint8))
    assert [(x, y) for x, y, _ in tiles] == [(0, 0), (0, 500), (0, 1000)]
    assert all(part.shape == (1200, 1200, 3) for _, _, part in tiles)


def test_a_strip_is_looked_at_in_tiles_that_overlap_by_half():
    tall, wide = np.zeros((400, 100, 3), np.uint8), np.zeros((100, 350, 3), np.uint8)
    assert [(part.x, part.y, part.pixels.shape[:2]) for part in parts_of(tall)] == [
        (0, 0, (200, 100)),
        (0, 100, (200, 100)),
        (0, 200, (200, 100)),
    ]
    assert [(part.x, part.y, part.pixels.shape[:2]) for part in parts_of(wide)] == [
        (0, 0, (100, 200)),
        (75, 0, (100, 200)),
        (150, 0, (100, 200)),
    ]
    assert len(parts_of(np.zeros((299, 100, 3), np.uint8))) == 1


def test_on_the_tiles_of_a_large_picture_only_small_sure_faces_count():
    whole, *tiles = parts_of(np.zeros((2200, 3100, 3), np.uint8))
    assert whole.pixels.shape == (2200, 3100, 3)
    assert len(tiles) == 9
    small, large = Box(0, 0, 100, 120), Box(0, 0, 100, 400)
    assert [tiles[0].believes(box, score) for box, score in ((small, 0.7), (small, 0.5), (large, 0.9))] == [1, 0, 0]
    assert whole.believes(large, 0.1)
    assert len(parts_of(np.zeros((2200, 2900, 3), np.uint8))) == 1


class Reads:
    """A runtime that finds one face in the upper left corner of a picture that is wider than it is high, at `score`."""

    name = "test"

    def __init__(self, score):
        self.score, self.seen = score, []

    def run(self, parts, prepare):
        return [self._answer(prepare(part)) for part in parts]

    def _answer(self, pixels):
        n, height, width = pixels.shape[:3]
        self.seen += [(height, width)] * n
        answer = np.full((n, 5, height // 8, width // 8), -5.0, np.float32)
        if width > height:
            answer[:, :, 1, 1] = [np.log(self.score / (1 - self.score)), *np.log([1.5] * 4)]
        return answer


PLAIN = replace(TINY, mirrored=False)


def test_a_picture_without_a_sure_face_is_turned_to_both_sides():
    """On a portrait 64 x 128 nothing is found upright; turned, a face at (0, 0, 24, 24) of 128 x 64."""
    runtime = Reads(0.7)
    found = CnnDetector(PLAIN, runtime).detect(np.zeros((128, 64, 3), np.uint8))
    assert runtime.seen == [(128, 64), (64, 128), (64, 128)]
    assert sorted(d.box.as_list() for d in found) == [[0.0, 104.0, 24.0, 24.0], [40.0, 0.0, 24.0, 24.0]]


@pytest.mark.parametrize(("score", "looks"), [(0.7, 1), (0.55, 2), (0.1, 2)])
def test_only_a_doubtful_picture_is_looked_at_twice(score, looks, monkeypatch):
    monkeypatch.setattr("core.vision.cnn.SURE", 0.0)  # and none is turned
    runtime = Reads(score)
    CnnDetector(TINY, runtime).detect(np.zeros((64, 128, 3), np.uint8))
    assert len(runtime.seen) == looks


def test_the_mirror_image_is_brought_back_and_counts_half():
    """This runtime sees a face in the upper left corner of the mirror image too: it lies on the right of the picture.
    Each is seen in one of the two looks only, and gets the mean of its own logit and that of the lowest score. On the
    first look, at 0.8 of the size, the same cells are 1.25 times as large."""
    found = CnnDetector(TINY, Reads(0.55)).detect(np.zeros((64, 128, 3), np.uint8), min_score=0.05)
    logit = (np.log(0.55 / 0.45) + np.log(0.02 / 0.98)) / 2
    assert [d.score for d in found] == pytest.approx([1 / (1 + np.exp(-logit))] * 2)
    assert sorted(round(d.box.centre[0]) for d in found) == [15, 116]


def test_a_picture_with_a_sure_face_is_not_turned():
    runtime = Reads(0.7)
    assert len(CnnDetector(PLAIN, runtime).detect(np.zeros((64, 128, 3), np.uint8))) == 1
    assert runtime.seen == [(64, 128)]


def test_a_turned_face_must_be_surer_than_an_upright_one():
    assert CnnDetector(PLAIN, Reads(0.55)).detect(np.zeros((128, 64, 3), np.uint8)) == []
    assert len(CnnDetector(PLAIN, Reads(0.55)).detect(np.zeros((64, 128, 3), np.uint8))) == 1


def test_tiles_bring_boxes_back_to_the_picture(net):
    picture = np.random.default_rng(3).integers(0, 256, (800, 2100, 3), dtype=np.uint8)
    found = CnnDetector.of(net, TINY, tiles=True).detect(picture, min_score=0.05)
    assert max(d.box.right for d in found) > 1200


def test_absent_and_broken_weights_are_told(tmp_path):
    with pytest.raises(DetectorError, match="no detector weights"):
        CnnDetector.load(tmp_path / "none.safetensors")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not weights")
    with pytest.raises(DetectorError, match="does not hold"):
        CnnDetector.load(broken)


def test_wrong_pictures_are_refused(net):
    with pytest.raises(DetectorError, match=r"float64 \(8, 8\)"):
        CnnDetector.of(net, TINY).detect(np.zeros((8, 8)))


def detections(*scores):
    return [Detection(Box(0, 0, 9, 9), score) for score in scores]


@pytest.mark.parametrize(
    ("scores", "sure"),
    [
        ((), False),
        ((0.19,), False),
        ((0.2,), False),
        ((0.59,), False),
        ((0.6,), True),
        ((0.9, 0.6, 0.19), True),
        ((0.9, 0.2), False),
    ],
)
def test_a_look_leaves_no_doubt_where_all_that_may_be_faces_surely_are(scores, sure):
    assert clear(detections(*scores)) is sure


@pytest.mark.parametrize(
    "rgb",
    [
        np.zeros((8, 8), np.uint8),
        np.zeros((8, 8, 4), np.uint8),
        np.zeros((8, 8, 3), np.int16),
        np.zeros((1, 8, 8, 3), np.uint8),
    ],
)
def test_only_bytes_in_three_channels_are_a_picture(rgb):
    with pytest.raises(DetectorError, match="A picture is uint8 of shape"):
        checked(rgb)


def test_inputs_of_one_shape_go_together_eight_at_a_time():
    small, large = np.zeros((2, 2, 3)), np.zeros((4, 4, 3))
    assert list(_by_shape([small] * 9 + [large] + [small])) == [[0, 1, 2, 3, 4, 5, 6, 7], [8, 10], [9]]


def test_no_box_below_the_floor_is_built_however_low_the_score_asked_for():
    picture = np.zeros((64, 128, 3), np.uint8)
    for score, found in ((0.021, 1), (0.019, 0)):
        assert len(CnnDetector(PLAIN, Reads(score)).look([picture], 0.0)[0]) == found
    assert len(CnnDetector(PLAIN, Reads(0.1)).look([picture], 0.1001)[0]) == 0


def test_crops_are_looked_at_once_at_a_small_side_and_boxes_come_back_in_their_pixels():
    """64 x 32 pixels are looked at as 128 x 64 within 128 x 128, so its cells are 4 pixels wide."""
    runtime = Reads(0.7)
    runtime._answer = lambda pixels, answer=runtime._answer: answer(pixels[:, :64])
    wide = np.zeros((32, 64, 3), np.uint8)
    (found,) = CnnDetector(PLAIN, runtime).detect_crops([wide], side=128, min_score=0.5)
    assert runtime.seen == [(64, 128)]
    assert [d.box.as_list() for d in found] == [[0.0, 0.0, 12.0, 12.0]]
    assert CnnDetector(PLAIN, Reads(0.7)).detect_crops([wide], side=128, min_score=0.71) == [[]]


def test_the_second_look_gets_all_that_may_be_a_face_and_the_score_that_counts():
    asked = []

    class Again:
        def again(self, pictures, found, least):
            asked.append((len(found[0]), least))
            return found

    picture = np.zeros((64, 128, 3), np.uint8)
    CnnDetector(PLAIN, Reads(0.55), second_look=Again()).detect(picture, min_score=0.5)
    assert asked == [(1, 0.5)]
    asked.clear()
    CnnDetector(PLAIN, Reads(0.16), second_look=Again()).detect(picture, min_score=0.5)
    assert asked[0] == (1, 0.5), "0.15 is the least that is looked at again"
    asked.clear()
    CnnDetector(PLAIN, Reads(0.14), second_look=Again()).detect(picture, min_score=0.5)
    assert asked[0] == (0, 0.5)
