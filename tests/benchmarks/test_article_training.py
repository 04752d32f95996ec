"""How the article's recipe is compared: which faces, and when the figure counts as reached."""

import pytest

from benchmarks.article_training import Clock, Reached, real_faces
from core.train.data import TRAIN, VALIDATION


def test_the_figure_is_reached_when_it_is_first_seen_and_never_guessed():
    curve = ((2.0, 0.5), (7.0, 0.64), (9.0, 0.6))
    assert Reached("ours", curve, 320).seconds(0.636) == 7.0
    assert Reached("theirs", curve[:1], 0).seconds(0.636) is None
    assert Reached("ours", curve, 320).line() == "| ours | 0.500 | 7.0 s | 0.600 | 320 |"
    assert "not in 2 s" in Reached("theirs", curve[:1], 0).line()


def test_a_quarter_of_at_most_32_faces_asks_and_characters_with_few_are_left_out(tmp_path):
    for character, many in (("a", 40), ("b", 8), ("c", 7)):
        (tmp_path / "source" / character).mkdir(parents=True)
        for number in range(many):
            (tmp_path / "source" / character / f"{number:02d}.png").touch()
    faces = real_faces(tmp_path, ["source"], 8)
    assert faces.characters == ("source/a", "source/b")
    assert (len(faces.where(TRAIN)), len(faces.where(VALIDATION))) == (24 + 6, 8 + 2)
    assert len(set(faces.faces)) == 40


def test_what_measuring_takes_does_not_count(monkeypatch):
    times = iter([10.0, 12.0, 15.0, 16.0])
    monkeypatch.setattr("benchmarks.article_training.processor_seconds", lambda: next(times))
    clock = Clock()
    with clock.stopped():
        pass
    assert clock.seconds() == pytest.approx(16 - 10 - 3)
