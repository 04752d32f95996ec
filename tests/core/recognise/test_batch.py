"""Many pictures: answered in order, in batches, damaged ones with the reason, as if asked one by one."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import Cancelled
from core.imaging.boxes import Box, Detection
from core.imaging.reading import encode_jpeg
from core.recognise import batch
from core.recognise.batch import ask_all
from core.recognise.gallery import Gallery
from core.recognise.queries import Query
from core.recognise.recogniser import Recogniser
from core.recognise.threshold import Scores, Threshold
from core.settings import Settings
from core.workspace.models import EncoderChoice
from tests.coloured_faces import MeanColour

RULE = Threshold(0.6, 0.5, 0.1, 0.01, "", Scores(*[np.array([])] * 4))
GALLERY = Gallery(np.eye(3, dtype=np.float32)[:2], ("red", "green"), ("1", "2"), "colour")


class OneFace:
    """A detector that finds a face in the middle of wide pictures, and none on others."""

    def detect(self, rgb, *, min_score=None):
        height, width = rgb.shape[:2]
        return [Detection(Box(width / 2 - 20, height / 2 - 20, 40, 40), 0.9, "test")] if width > 2 * height else []

    def detect_many(self, pictures, *, min_score=None):
        return [self.detect(rgb) for rgb in pictures]


@pytest.fixture
def recogniser(tmp_path):
    made = Recogniser(GALLERY, RULE, EncoderChoice("run", tmp_path / "none", "for this test"), Settings())
    made.__dict__.update(encoder=MeanColour(), detector=OneFace())
    return made


@pytest.fixture
def queries(tmp_path):
    """Red and green pictures by turns, some wide, some crops, the fourth damaged, the fifth large without a face."""
    found = []
    shapes = [(100, 300), (80, 80), (100, 300), None, (600, 620), (80, 90), (100, 300)]
    for n, shape in enumerate(shapes):
        path = tmp_path / f"{n}.jpg"
        colour = (200, 20, 0) if n % 2 else (0, 200, 20)
        path.write_bytes(b"\xff\xd8\xff torn" if shape is None else encode_jpeg(np.full((*shape, 3), colour, np.uint8)))
        found.append(Query(path.name, path))
    return found


@pytest.mark.parametrize("size", [1, 3, 16])
def test_pictures_in_batches_are_answered_as_one_by_one(recogniser, queries, monkeypatch, size):
    monkeypatch.setattr(batch, "BATCH", size)
    found = list(ask_all(recogniser, queries))
    assert [one.query for one in found] == queries
    names = [[face.answer.character for face in one.faces] for one in found]
    assert names == [["green"], ["red"], ["green"], [], [], ["red"], ["green"]]
    assert [bool(one.error) for one in found] == [False] * 3 + [True] + [False] * 3
    for one in found:
        if one.pixels is not None:
            alone = recogniser.ask(one.pixels)
            assert [f.as_dict() for f in alone] == [f.as_dict() for f in one.faces]
            assert [f.framing for f in alone] == [f.framing for f in one.faces]
    assert found[0].shows("green")
    assert not found[0].shows("red")
    assert "error" in found[3].as_dict()


def test_faces_of_a_batch_are_embedded_together_by_framing(recogniser, queries):
    list(ask_all(recogniser, queries))
    assert sorted(zip(recogniser.encoder.framings, recogniser.encoder.asked, strict=True)) == [
        ("auto", 2),
        ("given", 3),
    ]


def test_crops_are_not_looked_for_faces(recogniser, queries):
    found = list(ask_all(recogniser, queries, is_face_crop=True))
    assert [len(one.faces) for one in found] == [1, 1, 1, 0, 1, 1, 1]


def test_stopping_keeps_what_was_answered(recogniser, queries, monkeypatch):
    monkeypatch.setattr(batch, "BATCH", 2)
    had = []

    def stop(progress):
        if progress.n == 3:
            raise Cancelled("asked to")

    with pytest.raises(Cancelled):
        for one in ask_all(recogniser, queries, report=stop):
            had.append(one.query.name)
    assert had == ["0.jpg", "1.jpg", "2.jpg"]
