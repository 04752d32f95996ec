from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("av")

from core.errors import PictureError
from core.video.frames import VideoReader, _upright
from tests.core.video.videos import plain, write_video

RED, BLUE = (200, 30, 30), (30, 30, 200)


def test_frames_come_in_order_with_their_times_and_colours(tmp_path):
    path = write_video(tmp_path / "a.mp4", plain(RED, 6) + plain(BLUE, 6), rate=6)
    with VideoReader(path) as video:
        frames = list(video.frames())
        assert video.info.seconds == pytest.approx(2.0, abs=0.01)
        assert (video.info.rate, video.info.width, video.info.height) == (6, 64, 48)
    assert [round(f.time, 3) for f in frames] == [round(n / 6, 3) for n in range(12)]
    assert np.abs(frames[1].rgb().mean((0, 1)) - RED).max() < 6
    assert np.abs(frames[11].rgb().mean((0, 1)) - BLUE).max() < 6
    assert frames[0].rgb().shape == (48, 64, 3)
    assert max(frames[0].small.shape) == 96


def test_a_variable_rate_keeps_each_frames_own_time(tmp_path):
    path = write_video(tmp_path / "a.mkv", plain(RED, 4), rate=10, times=[0, 1, 10, 30])
    with VideoReader(path) as video:
        assert [round(f.time, 1) for f in video.frames()] == [0.0, 0.1, 1.0, 3.0]


def test_reading_can_start_later(tmp_path):
    path = write_video(tmp_path / "a.mp4", plain(RED, 40), rate=10)
    with VideoReader(path) as video:
        times = [f.time for f in video.frames(start=2.5)]
    assert times[0] == pytest.approx(2.5, abs=0.01) and times[-1] == pytest.approx(3.9, abs=0.01)


def test_a_file_that_is_cut_short_gives_what_it_has(tmp_path):
    path = write_video(tmp_path / "a.mkv", [f for n in range(30) for f in plain((n * 8, 90, 255 - n * 8), 1)], rate=10)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with VideoReader(path) as video:
        n = sum(1 for _ in video.frames())
    assert 5 < n < 30


@pytest.mark.parametrize("data", [b"", b"no video", b"\x00" * 1000])
def test_what_is_no_video_is_said(tmp_path, data):
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    with pytest.raises(PictureError, match=r"a\.mp4"):
        list(VideoReader(path).frames())


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(PictureError, match="not a file"):
        VideoReader(tmp_path / "none.mp4")


@pytest.mark.parametrize(("broken", "frames", "damaged"), [([], 4, 0), ([0], 3, 1), ([1, 3], 2, 2)])
def test_damaged_packets_are_passed_over_and_counted(broken, frames, damaged):
    class Damaged(Exception): ...

    def decode(i):
        if i in broken:
            raise Damaged
        return [i]

    packets = [SimpleNamespace(decode=lambda i=i: decode(i)) for i in range(4)]
    video = SimpleNamespace(
        _av=SimpleNamespace(error=SimpleNamespace(FFmpegError=Damaged)),
        _container=SimpleNamespace(demux=lambda stream: iter(packets)),
        _stream=None,
        damaged=0,
    )
    assert len(list(VideoReader._decoded(video))) == frames
    assert video.damaged == damaged


@pytest.mark.parametrize("degrees", [0, 90, 180, 270, -90])
def test_a_frame_is_turned_as_its_file_asks(degrees):
    """The corner at the upper left of 2 x 3 pixels goes to the lower left with a quarter turn counter-clockwise."""
    rgb = np.zeros((2, 3, 3), np.uint8)
    rgb[0, 0] = 255
    turned = _upright(rgb, degrees)
    rows, columns = turned.shape[:2]
    assert (rows, columns) == ((2, 3) if degrees % 180 == 0 else (3, 2))
    lit = tuple(int(i) for i in np.argwhere(turned[..., 0] == 255)[0])
    assert lit == {0: (0, 0), 90: (rows - 1, 0), 180: (rows - 1, columns - 1), 270: (0, columns - 1)}[degrees % 360]
