"""What looks at pictures can be sent to another process, which opens its own models."""

import copy

import numpy as np
import pytest

from core.crop.config import CropConfig
from core.crop.eyes import Eyes, read_or_say
from core.errors import DetectorError, PictureError
from core.imaging.boxes import Box, Detection
from core.settings import Settings
from core.workspace.tables import Picture

PIXELS = np.zeros((100, 100, 3), np.uint8)
PICTURE = Picture(1, None, path="pictures/unnamed/1.jpg", known_faces=({"box": [10, 10, 50, 50], "name": "Rei"},))


class OneFace:
    name, operating_point = "one", 0.5

    def detect_many(self, pictures, *, min_score=None):
        self.asked = min_score
        return [[Detection(Box(10, 10, 50, 50), 0.9, self.name)] for _ in pictures]


def test_what_is_sent_is_the_same_without_what_this_process_has_opened():
    eyes = Eyes(CropConfig("cnn"), Settings(), "/data/w", "/models/e", ("Rei",))
    sent = copy.copy(eyes.having(OneFace()))
    assert sent == eyes
    assert not hasattr(sent, "_detector")
    assert sent.path(PICTURE) == "/data/w/pictures/unnamed/1.jpg"


def test_faces_are_judged_by_the_config_and_fainter_ones_asked_for():
    detector = OneFace()
    look = Eyes(CropConfig(accept=0.8, propose=0.5), Settings(), "").having(detector).open()
    (seen,) = look([PICTURE], [PIXELS])
    assert (seen.review, detector.asked) == ("sure", 0.4)
    look = Eyes(CropConfig(accept=0.95), Settings(), "").having(detector).open()
    assert look([PICTURE], [PIXELS])[0].review == "look"
    assert look([], []) == []


def test_where_no_detector_can_be_had_the_boxes_that_came_along_are_used():
    (seen,) = Eyes(CropConfig(), Settings(), "", names=("Rei",)).open()([PICTURE], [PIXELS])
    assert [(one.proposal.name, one.crop is not None) for one in seen.faces] == [("Rei", True)]


def test_a_detector_that_is_not_there_is_told_when_the_models_are_opened():
    with pytest.raises(DetectorError, match="no detector 'magic'"):
        Eyes(CropConfig("magic"), Settings(), "").open()


def test_a_picture_that_cannot_be_read_says_why(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    assert isinstance(read_or_say(str(tmp_path / "broken.png")), PictureError)
