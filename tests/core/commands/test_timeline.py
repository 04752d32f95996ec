import json

import pytest

from core.cli import main
from core.imaging.boxes import Box
from core.recognise.shipped_cast import Likeness
from core.recognise.timeline import Appearance, Timeline
from core.recognise.verdict import Identification


@pytest.fixture
def run(workspace, settings, tmp_path, capsys):
    def run(video, out, *options):
        asked = ["timeline", "--workspace", "test", "--data-dir", str(settings.data_dir), str(video), *options]
        return main([*asked, *(("--out", str(tmp_path / out)) if out else ())]), capsys.readouterr()

    return run


def test_an_ending_that_cannot_be_written_is_told_before_the_work(run, tmp_path):
    code, words = run(tmp_path / "none.mp4", "a.txt")
    assert code == 1 and ".srt" in words.err


def test_without_anybody_enrolled_it_says_what_to_do(run, tmp_path):
    code, words = run(tmp_path / "none.mp4", "a.srt")
    assert code == 1 and "enrol" in words.err.lower()


def test_the_timeline_is_written_and_told_in_a_table(run, tmp_path, monkeypatch):
    answer = Identification("match", "Rei", 0.87, (), (), "")
    seen = Appearance(1.0, 3.5, answer, 2.0, Box(0, 0, 9, 9), b"", looks=4)
    likeness = Likeness("Belfast", "Azur Lane", 0.91)
    stranger = Identification("unknown", None, 0.3, (), (), "nobody is similar enough", looks_like=likeness)
    like = Appearance(4.0, 5.0, stranger, 4.0, Box(0, 0, 9, 9), b"", looks=3)
    settings = []

    def watched(video, recogniser, config, *, workspace, report):
        settings.append((*recogniser, config.looks))
        return Timeline(video.name, 60.0, 7, 4, 0, (seen, like))

    def opened(project, far, shipped_cast, **options):
        return far, shipped_cast

    monkeypatch.setattr("core.recognise.recogniser.open_recogniser", opened)
    monkeypatch.setattr("core.recognise.timeline.timeline", watched)
    code, words = run(tmp_path / "a.mp4", "a.srt")
    assert code == 0 and settings == [(0.01, False, 3.0)]
    assert "Rei" in (tmp_path / "a.srt").read_text()
    assert "60 s in 7 shots: 2 appearances" in words.out
    assert words.out.splitlines()[-2].split() == ["1.0", "3.5", "match", "Rei", "0.87"]
    assert "looks like Belfast from Azur Lane (shipped cast)" in words.out.splitlines()[-1]
    assert words.out.splitlines()[0].endswith(f" Written: {tmp_path / 'a.srt'}")
    assert json.loads(run(tmp_path / "a.mp4", "a.srt", "--json")[1].out)["out"] == str(tmp_path / "a.srt")
    assert run(tmp_path / "a.mp4", None)[1].out.splitlines()[0] == "60 s in 7 shots: 2 appearances."
    assert json.loads(run(tmp_path / "a.mp4", None, "--json")[1].out)["out"] is None
    found = json.loads(run(tmp_path / "a.mp4", None, "--shipped-cast", "--json")[1].out)["appearances"]
    assert settings[-1] == (0.01, True, 3.0)
    assert [one.get("looks_like", {}).get("name") for one in found] == [None, "Belfast"]
