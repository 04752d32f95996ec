"""`recognise` without a screen: what it hands on to the recogniser."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.cli import main
from core.imaging.reading import encode_jpeg
from tests.conftest import noise


class Asked:
    """A recogniser that finds nobody and remembers how it was asked."""

    threshold = SimpleNamespace(match=0.5, note="as told")

    def __init__(self):
        self.whole = []

    def ask(self, rgb, *, is_face_crop=None):
        self.whole.append(is_face_crop)
        return []


@pytest.mark.parametrize(("options", "whole"), [(["--faces"], True), ([], None)])
def test_faces_says_that_each_picture_is_a_crop(workspace, tmp_path, monkeypatch, options, whole):
    picture = tmp_path / "one.jpg"
    picture.write_bytes(encode_jpeg(noise(1)))
    asked = Asked()
    monkeypatch.setattr("core.recognise.recogniser.open_recogniser", lambda *a, **k: asked)
    assert main(["recognise", "--workspace", workspace.name, str(picture), *options]) == 0
    assert asked.whole == [whole]


def test_the_least_score_and_the_models_folder_reach_the_recogniser(workspace, tmp_path, monkeypatch):
    picture = tmp_path / "one.jpg"
    picture.write_bytes(encode_jpeg(noise(1)))
    opened = []

    def open_recogniser(project, **options):
        opened.append((project.settings.models_dir, options["min_score"]))
        return Asked()

    monkeypatch.setattr("core.recognise.recogniser.open_recogniser", open_recogniser)
    models = str(tmp_path / "elsewhere")
    for options in (["--min-score", "0.25", "--models-dir", models], []):
        assert main(["recognise", "--workspace", workspace.name, str(picture), *options]) == 0
    assert opened == [(tmp_path / "elsewhere", 0.25), (None, None)]
