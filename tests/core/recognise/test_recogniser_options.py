"""The recogniser's detector: from the project's folders, at the score that was asked for."""

from __future__ import annotations

import numpy as np

from core.recognise import recogniser
from core.recognise.recogniser import Recogniser
from core.workspace.models import EncoderChoice


class Remembers:
    def __init__(self):
        self.scores = []

    def detect(self, rgb, *, min_score=None):
        self.scores.append(min_score)
        return []


def test_the_detector_comes_from_the_projects_folders_and_is_asked_at_the_given_score(settings, tmp_path, monkeypatch):
    detector, asked = Remembers(), []
    monkeypatch.setattr(
        recogniser, "load_detector", lambda name, *, settings: asked.append((name, settings)) or detector
    )
    choice = EncoderChoice("run", tmp_path / "encoder.safetensors", "named by you")
    one = Recogniser(None, None, choice, settings, "cascade", 0.25)
    monkeypatch.setitem(one.__dict__, "encoder", None)  # no face is found, so nothing is embedded
    assert one.ask(np.zeros((60, 300, 3), np.uint8)) == []
    assert asked == [("cascade", settings)]
    assert detector.scores == [0.25]
