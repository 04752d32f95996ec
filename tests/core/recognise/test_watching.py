"""Watching a video: how often faces are looked for, what a still scene means, and going on after a stop."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("av")
pytest.importorskip("scenedetect")

from core.errors import Cancelled, PictureError
from core.imaging.reading import read_picture
from core.recognise import watching
from core.recognise.watched_files import load_watched
from core.recognise.watching import watch
from tests.core.recognise.watching_scene import BLUE, RATE, RED, Eyes, film, frame
from tests.core.video.videos import write_video


def seen(watched):
    """Of each track: shot, first and last look, how many."""
    return [(t.shot, round(t.start, 2), round(t.end, 2), t.looks) for t in watched.finished]


@pytest.fixture
def often(monkeypatch):
    """Every frame is reported."""
    monkeypatch.setattr(watching, "TELL_EVERY", 0.0)


def test_faces_are_followed_through_the_shots(tmp_path):
    watched = watch(film(tmp_path / "a.mp4"), Eyes(), looks=5)
    assert watched.whole and watched.shots == [0, 3] and watched.seconds == pytest.approx(5, abs=0.01)
    assert [t.shot for t in watched.finished] == [0, 0, 1]
    red, blue, other = watched.finished
    assert (red.start, red.end) == (0, pytest.approx(2.8, abs=0.01))
    assert (blue.start, blue.end) == (pytest.approx(2.0, abs=0.01), pytest.approx(2.8, abs=0.01))
    assert (other.start, other.end) == (3, pytest.approx(4.8, abs=0.01))
    assert np.allclose(red.mean, [1, 0]) and np.allclose(blue.mean, [0, 1])


def test_a_still_scene_is_looked_at_once_and_who_was_there_is_there_still(tmp_path):
    eyes = Eyes()
    watched = watch(write_video(tmp_path / "a.mp4", [frame((RED, 40))] * 30, rate=RATE), eyes, looks=2)
    assert eyes.frames == watched.looks == 1
    assert seen(watched) == [(0, 0.0, 2.5, 6)]


def test_who_left_before_the_scene_stood_still_is_not_there(tmp_path):
    frames = [frame((RED, 2 * n)) for n in range(10)] + [frame((BLUE, 90))] * 20
    watched = watch(write_video(tmp_path / "a.mp4", frames, rate=RATE), Eyes(), looks=5)
    red, blue = watched.finished
    assert red.end == pytest.approx(0.8, abs=0.01) and blue.end == pytest.approx(2.8, abs=0.01)


def test_the_best_look_is_kept_as_a_small_picture(tmp_path):
    frames = [frame((RED, 2 * n), height=720, width=960) for n in range(3)]
    watched = watch(write_video(tmp_path / "a.mp4", frames, rate=RATE), Eyes())
    crop = read_picture(watched.finished[0].crop)
    assert crop.shape == (48, 48, 3), "a face is framed by a square twice as large"
    assert crop[24, 24, 0] > 150 > crop[24, 24, 2]


@pytest.mark.parametrize(("looks", "times"), [(1.0, [0, 1, 2]), (2.0, [0, 0.5, 1, 1.5, 2, 2.5]), (4.0, 12)])
def test_faces_are_looked_for_so_many_times_a_second(monkeypatch, looks, times):
    """Three seconds at four frames a second, every frame unlike the last, no cut."""
    found = []

    class Video:
        info, damaged = SimpleNamespace(seconds=3.0, rate=4.0), 0

        def __init__(self, path): ...
        def __enter__(self):
            return self

        def __exit__(self, *_): ...
        def frames(self, start):
            for i in range(12):
                small = np.full((9, 16, 3), 20 * i, np.uint8)
                yield SimpleNamespace(time=i / 4, small=small, rgb=lambda i=i: i / 4)

    def look(pictures):
        found.extend(pictures)
        return [[] for _ in pictures]

    looker = SimpleNamespace(
        detector=SimpleNamespace(detect_many=look),
        encoder=SimpleNamespace(embed=lambda crops, framing: np.zeros((0, 2), np.float32)),
    )
    monkeypatch.setattr(watching, "VideoReader", Video)
    monkeypatch.setattr(watching, "CutDetector", lambda: SimpleNamespace(cut_at=lambda small: False))
    watch(Path("a.mp4"), looker, looks=looks)
    assert (len(found) if isinstance(times, int) else found) == times


def stopping(second, error):
    """A reporter that stops the work once, at a second of the video."""

    def report(progress):
        if progress.data["at"] >= second:
            raise error

    return report


@pytest.mark.parametrize("second", [0.4, 1.5, 2.6, 3.0, 4.1])  # while it moves, at a still scene, at a cut, after it
def test_a_run_that_was_stopped_goes_on_and_finds_the_same(tmp_path, often, second):
    path, kept = film(tmp_path / "a.mp4"), tmp_path / "kept" / "a.npz"
    whole, first, rest = watch(path, Eyes(), looks=5), Eyes(), Eyes()
    with pytest.raises(Cancelled):
        watch(path, first, looks=5, kept=kept, report=stopping(second, Cancelled("stopped")))
    half = load_watched(kept)
    assert half is not None and not half.whole and half.at == pytest.approx(second, abs=0.05)
    again = watch(path, rest, looks=5, kept=kept)
    assert again.whole and seen(again) == seen(whole) and again.shots == whole.shots
    assert [t.crop for t in again.finished] == [t.crop for t in whole.finished]
    assert first.frames + rest.frames == whole.looks == again.looks, "nothing is looked at twice"


def test_a_run_that_died_goes_on_from_what_was_saved_last(tmp_path, often, monkeypatch):
    monkeypatch.setattr(watching, "SAVE_EVERY", 0.0)
    path, kept, rest = film(tmp_path / "a.mp4"), tmp_path / "a.npz", Eyes()
    with pytest.raises(MemoryError):
        watch(path, Eyes(), looks=5, kept=kept, report=stopping(2.0, MemoryError()))
    again = watch(path, rest, looks=5, kept=kept)
    whole = watch(path, Eyes(), looks=5)
    assert seen(again) == seen(whole) and rest.frames < whole.looks


@pytest.mark.usefixtures("no_cover")
def test_a_video_of_an_hour_is_watched_through(tmp_path):
    """A frame a second, three scenes that stand still for twenty minutes each."""
    scenes = (frame((RED, 40)), frame((BLUE, 70), ground=230), frame((RED, 10), ground=10))
    path = write_video(tmp_path / "a.mp4", [one for one in scenes for _ in range(1200)], rate=1)
    eyes = Eyes()
    watched = watch(path, eyes)
    assert watched.seconds == pytest.approx(3600, abs=1) and eyes.frames == 3
    assert seen(watched) == [(0, 0.0, 1199.0, 1200), (1, 1200.0, 2399.0, 1200), (2, 2400.0, 3599.0, 1200)]


def test_frames_that_come_at_odd_times_are_followed_by_their_own_times(tmp_path):
    frames = [frame((RED, 4 * n)) for n in range(5)]
    path = write_video(tmp_path / "a.mkv", frames, rate=10, times=[0, 1, 12, 40, 47])
    assert seen(watch(path, Eyes(), looks=5)) == [(0, 0.0, 4.7, 4)], "0.1 is too soon after 0.0"


def test_what_was_watched_to_the_end_is_not_watched_again(tmp_path):
    path, kept, eyes = film(tmp_path / "a.mp4"), tmp_path / "a.npz", Eyes()
    first = watch(path, Eyes(), kept=kept)
    path.unlink()
    assert seen(watch(path, eyes, kept=kept)) == seen(first) and eyes.frames == 0


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_answer(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert watch(film(tmp_path / "a.mp4"), Eyes(), kept=tmp_path / "file" / "a.npz").whole


def test_the_progress_is_in_seconds_of_the_video_and_in_words(tmp_path, often):
    told = []
    watch(film(tmp_path / "a.mp4"), Eyes(), looks=5, report=told.append)
    assert [p.n for p in told] == sorted(p.n for p in told) and told[-1].n == told[-1].total == 5
    assert told[-1].note == "a.mp4: 3 faces followed through 2 shots"
    assert {p.stage for p in told} == {"timeline"}


def test_the_work_of_an_earlier_run_counts_towards_the_rate(tmp_path, often):
    path, kept, told = film(tmp_path / "a.mp4"), tmp_path / "a.npz", []
    with pytest.raises(Cancelled):
        watch(path, Eyes(), looks=5, kept=kept, report=stopping(4.0, Cancelled("stopped")))
    before = load_watched(kept).worked
    watch(path, Eyes(), looks=5, kept=kept, report=told.append)
    assert before > 0 and told[0].seconds > before


def test_what_is_no_video_is_said(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"no video")
    with pytest.raises(PictureError, match=r"a\.mp4"):
        watch(tmp_path / "a.mp4", Eyes(), kept=tmp_path / "a.npz")
    assert not (tmp_path / "a.npz").exists()
