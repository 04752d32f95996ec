"""What was watched, kept in a file: whole or not at all, and only for the video, the encoder and the looks it is of."""

import os

import numpy as np
import pytest

from core.errors import PictureError
from core.imaging.boxes import Box
from core.recognise.watched_files import SAMPLE, Watched, kept_videos, load_watched, save_watched, watched_path
from core.video.tracks import Track


def track(shot, crop):
    box, best = Box(1, 2, 3, 4.5), Box(5, 6, 7, 8)
    return Track(shot, 0.25, 1.5, 4, 1, box, 0.75, best, 6.5, np.array([1, 2, 3], np.float32), crop)


def test_everything_comes_back(tmp_path):
    watched = Watched("a.mp4", 12.5, 3.25, [0.0, 2.5], 9, 2, [track(0, b"one"), track(0, b"")], False)
    watched.open, watched.last = [track(1, b"three")], np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    watched.at, watched.next_look, watched.worked = 3.2, 3.5, 8.0
    back = load_watched(save_watched(watched, tmp_path / "a.npz"))
    assert np.array_equal(back.last, watched.last)
    for one, other in zip([*back.finished, *back.open], [*watched.finished, *watched.open], strict=True):
        assert np.array_equal(one.total, other.total)
        one.total = other.total = None
    back.last = watched.last = None
    assert back == watched


def test_a_video_without_a_face_comes_back_too(tmp_path):
    back = load_watched(save_watched(Watched("a.mp4", whole=True), tmp_path / "a.npz"))
    assert back == Watched("a.mp4", whole=True)


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_what_is_missing_or_broken_is_nothing(tmp_path, damage):
    path = tmp_path / "a.npz"
    if damage == "cut":
        save_watched(Watched("a.mp4"), path)
        path.write_bytes(path.read_bytes()[:-40])
    if damage == "other":
        np.savez(path, other=np.zeros(3))
    assert load_watched(path) is None


def test_a_file_is_for_a_video_an_encoder_a_detector_and_the_looks(workspace, tmp_path):
    first, copy = tmp_path / "a.mp4", tmp_path / "b.mp4"
    data = bytes(3 * SAMPLE)
    first.write_bytes(data)
    copy.write_bytes(data)
    about = {"encoder": "e" * 64, "detector": "auto", "looks": 3.0}
    path = watched_path(workspace, first, **about)
    assert path.is_relative_to(workspace.cache) and path == watched_path(workspace, copy, **about), "a copy is the same"
    others = [{"encoder": "f" * 64}, {"detector": "cnn"}, {"looks": 2.0}]
    paths = {watched_path(workspace, first, **about | other) for other in others}
    for place in (0, len(data) - 1):
        copy.write_bytes(data[:place] + b"x" + data[place + 1 :])
        paths.add(watched_path(workspace, copy, **about))
    copy.write_bytes(data + b"\0")
    assert len(paths | {path, watched_path(workspace, copy, **about)}) == 7


def test_a_video_that_is_not_there_is_said(workspace, tmp_path):
    with pytest.raises(PictureError, match=r"none\.mp4 cannot be read"):
        watched_path(workspace, tmp_path / "none.mp4", encoder="e", detector="auto", looks=3.0)


def test_what_was_watched_with_an_encoder_is_listed_the_newest_first(workspace, tmp_path):
    names = ("a.mp4", "b.mp4", "c.mp4")
    for number, (name, encoder) in enumerate(zip(names, ("e", "e", "f"), strict=True)):
        (tmp_path / name).write_bytes(name.encode())
        path = watched_path(workspace, tmp_path / name, encoder=encoder * 64, detector="auto", looks=3.0)
        save_watched(Watched(name, seconds=3.5, whole=number == 1), path)
        os.utime(path, (number, number))
    (workspace.cache / "videos" / f"{'e' * 16}-broken.npz").write_bytes(b"no archive")
    assert [(k.video, k.seconds, k.whole) for k in kept_videos(workspace, "e" * 64)] == [
        ("b.mp4", 3.5, True),
        ("a.mp4", 3.5, False),
    ]
    assert kept_videos(workspace, "0" * 64) == []
