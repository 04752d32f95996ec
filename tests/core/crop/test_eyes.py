"""What looks at pictures can be sent to another process, which opens its own models."""

import copy

import numpy as np
import pytest

from core.crop.config import CropConfig
from core.crop.eyes import Eyes, look_at, read_or_say
from core.crop.looking import Unread
from core.errors import DetectorError, PictureError
from core.imaging.boxes import Box, Detection
from core.settings import Settings
from core.vision.detector import _added
from core.workspace.tables import Picture

PIXELS = np.zeros((100, 100, 3), np.uint8)
PICTURE = Picture(1, None, path="pictures/unnamed/1.jpg", known_faces=({"box": [10, 10, 50, 50], "name": "Rei"},))


class OneFace:
    name, operating_point = "one", 0.5

    def detect_many(self, pictures, *, min_score=None):
        self.asked = min_score
        return [[Detection(Box(10, 10, 50, 50), 0.9, self.name)] for _ in pictures]


def test_what_is_sent_is_the_same_without_what_this_process_has_opened(monkeypatch):
    monkeypatch.setitem(_added, "one", lambda settings: OneFace())
    eyes = Eyes(CropConfig("one"), Settings(), "/data/w", "/models/e", ("Rei",))
    assert eyes.detector.name == "one"
    sent = copy.copy(eyes)
    assert sent == eyes
    assert "detector" in vars(eyes)
    assert "detector" not in vars(sent)
    assert sent.path(PICTURE) == "/data/w/pictures/unnamed/1.jpg"


def test_pictures_that_cannot_be_read_are_named_and_the_others_looked_at():
    seen = look_at(
        lambda pictures, pixels, each: [*each(len, pixels)], [PICTURE, PICTURE], [PictureError("why"), PIXELS]
    )
    assert (list(seen.pictures), list(seen.seen), list(seen.unread), len(seen)) == (
        [PICTURE],
        [100],
        [Unread(PICTURE, "why")],
        2,
    )


def test_faces_are_judged_by_the_config_and_fainter_ones_asked_for(monkeypatch):
    detector = OneFace()
    monkeypatch.setitem(_added, "one", lambda settings: detector)
    look = Eyes(CropConfig("one", accept=0.8, propose=0.5), Settings(), "").open()
    (seen,) = look([PICTURE], [PIXELS])
    assert (seen.review, detector.asked) == ("sure", 0.4)
    look = Eyes(CropConfig("one", accept=0.95), Settings(), "").open()
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


def test_a_file_that_is_not_there_is_told_from_one_that_is_broken(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    read = [read_or_say(str(tmp_path / name)) for name in ("broken.png", "gone.png")]
    assert [one.missing for one in look_at(lambda *_: [], [PICTURE, PICTURE], read).unread] == [False, True]
