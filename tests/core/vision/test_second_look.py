"""What the face encoder says of boxes that the detector is not sure of."""

import logging

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from core.imaging.boxes import Box, Detection
from core.vision.cnn import CnnDetector
from core.vision.cnn_network import DetectorNet, DetectorSpec, save_detector
from core.vision.encoder import read_net
from core.vision.framing import fit_square
from core.vision.network import EncoderSpec, build, save_encoder
from core.vision.second_look import (
    LEAST,
    SURE,
    WEIGHTS,
    Regression,
    SecondLook,
    digest,
    load_second_look,
    open_features,
    read_regression,
)
from core.vision.specs import read_detector_header

RED_IS_A_FACE = Regression(np.array([0.04, 0.0, -0.04], np.float32), 1.0, 0.0)
"""A crop of pure red gains 10.2 in its logit, one of pure blue loses as much."""


class MeanColour:
    """A runtime whose features are a crop's mean red, green and blue; `seen` counts crops."""

    name = "test"

    def __init__(self):
        self.seen = 0

    def run(self, parts, prepare):
        answers = [prepare(part).mean((1, 2), dtype=np.float32) for part in parts]
        self.seen += sum(map(len, answers))
        return answers


@pytest.fixture
def runtime():
    return MeanColour()


@pytest.fixture
def look(runtime):
    return SecondLook(RED_IS_A_FACE, 32, lambda: runtime)


def picture():
    """200 x 100: red on the left, blue on the right."""
    rgb = np.zeros((100, 200, 3), np.uint8)
    rgb[:, :100, 0] = 255
    rgb[:, 100:, 2] = 255
    return rgb


LEFT, RIGHT = Box(30, 30, 20, 20), Box(140, 30, 20, 20)


def test_the_score_is_the_regressions():
    """0.5 has no logit: features 1 and 2 by weights 1 and -1, and a bias of 1, make 0; odds of 3, doubled, make 9."""
    regression = Regression(np.array([1.0, -1.0], np.float32), 2.0, 1.0)
    scores = regression.scores(np.array([[1.0, 2.0], [1.0, 2.0]], np.float32), [0.5, 0.75])
    assert scores == pytest.approx([0.5, 0.9])


def test_a_face_rises_and_what_is_none_falls(look):
    (found,) = look.again([picture()], [[Detection(RIGHT, 0.6), Detection(LEFT, 0.4)]], 0.3)
    assert [d.box for d in found] == [LEFT]
    assert found[0].score == pytest.approx(1 / (1 + np.exp(-10.2 - np.log(0.4 / 0.6))), abs=1e-6)


def test_only_what_is_in_doubt_is_looked_at(look, runtime):
    boxes = [Detection(RIGHT, SURE), Detection(RIGHT, LEAST - 0.01)]
    assert look.again([picture()], [boxes], 0.0) == [boxes]
    assert runtime.seen == 0
    look.again([picture()], [[Detection(RIGHT, LEAST), Detection(RIGHT, SURE - 0.01)]], 0.0)
    assert runtime.seen == 2


def test_many_pictures_keep_their_boxes_apart(look):
    found = look.again([picture(), picture()[:, ::-1], picture()], [[Detection(LEFT, 0.5)]] * 2 + [[]], 0.3)
    assert [len(boxes) for boxes in found] == [1, 0, 0]


def test_the_encoder_is_opened_when_it_is_needed_and_once(runtime):
    opened = []
    look = SecondLook(RED_IS_A_FACE, 32, lambda: opened.append(1) or runtime)
    look.again([picture()], [[]], 0.3)
    assert opened == []
    for _ in range(2):
        look.again([picture()], [[Detection(LEFT, 0.5)]], 0.3)
    assert opened == [1]


@pytest.fixture
def files(tmp_path):
    """A small detector, a small encoder and a second look that belongs to both."""
    torch.manual_seed(0)
    spec = DetectorSpec(widths=(4, 4, 6, 8, 8, 8), blocks=(0, 0, 1, 1, 0, 0), neck=8, side=128, score=0.3)
    detector, encoder, path = (tmp_path / f"{name}.safetensors" for name in ("detector", "encoder", "second_look"))
    save_detector(detector, DetectorNet(spec), spec, {})
    small = EncoderSpec(size=32, dim=8, width=4)
    save_encoder(encoder, build(small).eval(), small, {})
    tensors = {"weights": np.ones(32, np.float32), "share_and_bias": np.array([2.0, -1.0], np.float32)}
    save_file(tensors, path, {"detector": digest(detector), "encoder": digest(encoder)})
    return detector, encoder, path


def test_it_is_used_with_the_detector_and_the_encoder_that_it_belongs_to(files):
    detector, encoder, path = files
    look = load_second_look(detector, encoder, path)
    assert (look.regression.share, look.regression.bias, look.size) == (2.0, -1.0, 32)


@pytest.mark.parametrize("other", [0, 1])
def test_it_is_left_out_with_other_weights_and_says_so(files, other, caplog):
    files[other].write_bytes(files[other].read_bytes() + b" ")
    with caplog.at_level(logging.WARNING):
        assert load_second_look(*files) is None
    assert f"was made for another {('detector', 'encoder')[other]}" in caplog.text


def test_a_missing_file_is_silent_and_a_broken_one_is_told(files, caplog):
    detector, encoder, path = files
    path.write_bytes(b"not weights")
    assert load_second_look(detector, encoder, path) is None
    assert "cannot be read" in caplog.text
    caplog.clear()
    path.unlink()
    assert load_second_look(detector, encoder, path) is None
    assert caplog.text == ""


def test_weights_that_are_no_numbers_are_refused(files, caplog):
    detector, encoder, path = files
    tensors = {"weights": np.full(32, np.nan, np.float32), "share_and_bias": np.zeros(2, np.float32)}
    save_file(tensors, path, {"detector": digest(detector), "encoder": digest(encoder)})
    assert load_second_look(detector, encoder, path) is None
    assert "no numbers" in caplog.text


def test_the_features_are_those_before_the_encoders_last_layer(files):
    """The embedding layer of the same network makes of them what the network makes of the crop."""
    crops = [np.random.default_rng(k).integers(0, 256, (40, 40, 3), dtype=np.uint8) for k in range(3)]
    pixels = np.stack([fit_square(crop, 32) for crop in crops])
    (features,) = open_features(files[1]).run([pixels], lambda part: part)
    net = read_net(files[1])
    with torch.inference_mode():
        expected, _ = net(torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255)
        made = net.embedding(torch.from_numpy(features))
    assert features.shape == (3, 32)
    assert torch.allclose(made, expected, atol=1e-3)


def test_the_detector_asks_it_upright_and_turned(look, runtime, monkeypatch):
    """The network sees a box of score 0.7 in the middle of every view; red says face, blue says none."""

    class Middle:
        name = "test"

        def run(self, parts, prepare):
            return [self._answer(prepare(part)) for part in parts]

        def _answer(self, pixels):
            n, height, width = pixels.shape[:3]
            answer = np.full((n, 5, height // 8, width // 8), -5.0, np.float32)
            answer[:, :, height // 16, width // 16] = [np.log(0.7 / 0.3), *np.log([2.0] * 4)]
            return answer

    spec = DetectorSpec(side=128, mirrored=False, score=0.4)
    detector = CnnDetector(spec, Middle(), second_look=look)
    red, blue = np.zeros((2, 128, 128, 3), np.uint8)
    red[..., 0], blue[..., 2] = 255, 255
    found = detector.detect_many([red, blue])
    assert [len(boxes) for boxes in found] == [1, 0]
    assert found[0][0].score > 0.99
    assert runtime.seen == 4  # upright both, and the blue one turned to both sides


def test_the_shipped_one_belongs_to_the_shipped_weights():
    if not WEIGHTS.is_file():
        pytest.skip("the shipped weights are missing from this copy")
    from core.vision.detector import WEIGHTS as DETECTOR
    from core.vision.encoder import pretrained_path

    _, belongs = read_regression(WEIGHTS)
    assert belongs["detector"] == digest(DETECTOR)
    assert belongs["encoder"] == digest(pretrained_path())
    assert read_detector_header(DETECTOR)[0].mirrored
    assert WEIGHTS.stat().st_size < 16_000
