"""detect: boxes and scores of each picture, and a reason for one that cannot be read."""

from __future__ import annotations

import pytest

from core.cli import main
from core.commands import detect
from core.commands.detect import Arguments
from core.errors import DataError
from core.imaging.boxes import Box, Detection
from core.imaging.reading import encode_jpeg
from tests.conftest import noise


@pytest.fixture
def detector(monkeypatch):
    class Finds:
        """One face on every picture; remembers how it was asked."""

        asked: list[tuple[int, float | None]] = []  # noqa: RUF012  # one test's own

        def detect_many(self, pictures, *, min_score=None):
            self.asked.append((len(pictures), min_score))
            return [[Detection(Box(1, 2, 3, 4), 0.123456)] for _ in pictures]

    found = Finds()
    found.asked = []
    monkeypatch.setattr("core.vision.load_detector", lambda name, settings: found)
    return found


def pictures(tmp_path, n):
    for i in range(n):
        (tmp_path / f"{i}.jpg").write_bytes(encode_jpeg(noise(i, 20, 20)))


def test_each_picture_is_listed_with_its_faces_in_order(run, detector, tmp_path):
    pictures(tmp_path, 2)
    code, document, _ = run("detect", tmp_path, workspace=None)
    assert code == 0
    assert document == [
        {"picture": str(tmp_path / f"{i}.jpg"), "faces": [{"box": [1, 2, 3, 4], "score": 0.1235}]} for i in range(2)
    ]


def test_sixteen_pictures_are_held_in_memory_together_and_all_are_asked_about(run, detector, tmp_path):
    pictures(tmp_path, 17)
    run("detect", tmp_path, "--min-score", 0.25, workspace=None)
    assert detector.asked == [(detect.BATCH, 0.25), (1, 0.25)]
    assert detect.BATCH == 16


def test_a_picture_that_cannot_be_read_does_not_end_the_others(run, detector, tmp_path):
    pictures(tmp_path, 1)
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    document = run("detect", tmp_path / "bad.jpg", tmp_path / "0.jpg", workspace=None)[1]
    assert [(len(one["faces"]), "error" in one) for one in document] == [(0, True), (1, False)]


def test_where_no_picture_can_be_read_the_command_has_failed(run, detector, tmp_path):
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"no picture")
    code, document, said = run("detect", tmp_path / "a.jpg", tmp_path / "b.jpg", workspace=None)
    assert (code, len(document)) == (1, 2)
    assert "None of the 2 pictures could be read. The first: a.jpg is text" in said


def test_each_face_is_a_line_of_the_table(workspace, detector, tmp_path, capsys, monkeypatch):
    pictures(tmp_path, 1)
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    assert main(["detect", str(tmp_path / "0.jpg"), str(tmp_path / "bad.jpg")]) == 0
    bad, found = capsys.readouterr().out.splitlines()[2:]
    assert bad.startswith(str(tmp_path / "bad.jpg"))
    assert "bad.jpg is" in bad
    assert found.removeprefix(str(tmp_path / "0.jpg")).split() == ["0.1235", "[1.0,", "2.0,", "3.0,", "4.0]"]
    monkeypatch.setattr(detector, "detect_many", lambda pictures, *, min_score: [[] for _ in pictures])
    assert main(["detect", str(tmp_path / "0.jpg")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].removeprefix(str(tmp_path / "0.jpg")).strip() == "no face found"


@pytest.mark.parametrize("score", [-0.1, 1.1])
def test_a_score_lies_between_0_and_1(score):
    assert Arguments(()).min_score is None
    assert Arguments((), min_score=0.0).min_score == 0
    with pytest.raises(DataError, match="min_score is a number from 0 to 1"):
        Arguments((), min_score=score)
