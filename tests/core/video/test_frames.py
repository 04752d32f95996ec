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


def test_a_playlist_is_no_video_whatever_it_is_called(tmp_path):
    """FFmpeg would read the files that it names."""
    write_video(tmp_path / "real.ts", plain(RED, 3), rate=3)
    path = tmp_path / "a.mp4"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nreal.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(PictureError, match=r"a\.mp4 is text, not a video"):
        VideoReader(path)


def test_frames_larger_than_any_picture_that_is_read_are_refused_before_one_is_decoded(tmp_path, monkeypatch):
    path = write_video(tmp_path / "a.mp4", plain(RED, 1), rate=1)
    monkeypatch.setenv("WHOAMI_MAX_PICTURE_PIXELS", "3000")
    with pytest.raises(PictureError, match=r"64 x 48 pixels; at most 3,000 are read"):
        VideoReader(path)


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


def opened(*, duration=None, base=None, whole=None, average=None, guessed=None, start=None, times=()):
    """A reader of a file that states so much, and whose frames have these times."""
    video = VideoReader.__new__(VideoReader)
    asked = []
    stream = SimpleNamespace(duration=duration, time_base=base, average_rate=average, guessed_rate=guessed)
    stream.start_time, stream.width, stream.height = start, 64, 48
    video._stream, video._av = stream, SimpleNamespace(time_base=1_000_000)
    video._container = SimpleNamespace(duration=whole, seek=lambda at, backward: asked.append((at, backward)))
    video._decoded = lambda: (SimpleNamespace(time=time) for time in times)
    return video, asked


@pytest.mark.parametrize(
    ("stated", "seconds", "rate"),
    [
        ({"duration": 300, "base": 0.01, "average": 24}, 3.0, 24.0),
        ({"duration": 300, "whole": 2_500_000, "guessed": 30}, 2.5, 30.0),
        ({"base": 0.01, "whole": 2_500_000}, 2.5, 25.0),
        ({}, None, 25.0),
    ],
)
def test_length_and_rate_are_what_the_track_or_else_the_file_states(stated, seconds, rate):
    info = opened(**stated)[0].info
    assert (info.seconds, info.rate) == (seconds, rate)


def test_a_frame_without_a_time_follows_the_last_and_no_time_goes_backwards(monkeypatch):
    monkeypatch.setattr("core.video.frames._small", lambda source: None)
    video, asked = opened(average=10, times=[None, None, 0.5, 0.4, None])
    frames = list(video.frames())
    assert [round(frame.time, 3) for frame in frames] == [0.0, 0.1, 0.5, 0.5, 0.6]
    assert [frame.number for frame in frames] == [0, 1, 2, 3, 4]
    assert asked == [], "from the start nothing is sought"


def test_times_begin_with_the_track_and_a_later_start_is_sought_backwards(monkeypatch):
    monkeypatch.setattr("core.video.frames._small", lambda source: None)
    video, asked = opened(average=10, base=0.5, start=4, times=[2.0, 3.0, 3.5])
    assert [frame.time for frame in video.frames(1.0)] == [1.0, 1.5]
    assert asked == [(1_000_000, True)]


@pytest.mark.parametrize(
    ("width", "height", "small"), [(960, 480, (96, 48)), (480, 960, (48, 96)), (9600, 100, (96, 8))]
)
def test_a_small_copy_has_96_pixels_and_8_at_least(width, height, small):
    from core.video.frames import _small

    class Source:
        rotation = 0

        def reformat(self, width, height, format, interpolation):
            self.asked = (width, height)
            return SimpleNamespace(to_ndarray=lambda: np.zeros((height, width, 3), np.uint8))

    source = Source()
    source.width, source.height = width, height
    _small(source)
    assert source.asked == small


QUARTER_TURNS = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
"""Degrees clockwise at which a player shows a file -> a, b, c, d of its track's matrix (ISO 14496-12, 8.3.2)."""


@pytest.mark.parametrize("clockwise", QUARTER_TURNS)
def test_a_file_that_was_filmed_on_its_side_comes_upright(tmp_path, clockwise):
    """Red on the left, blue on the right, as the frames are stored."""
    rgb = np.concatenate([plain(RED, 1, width=32)[0], plain(BLUE, 1, width=32)[0]], axis=1)
    path = write_video(tmp_path / "a.mp4", [rgb] * 4)
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    for place, value in zip((0, 4, 12, 16), QUARTER_TURNS[clockwise], strict=True):
        data[at + place : at + place + 4] = (value << 16).to_bytes(4, "big", signed=True)
    path.write_bytes(data)
    with VideoReader(path) as video:
        frame = next(video.frames())
    shown = frame.rgb().astype(int)
    expected = np.rot90(rgb, -clockwise // 90).astype(int)
    assert shown.shape == expected.shape
    assert np.abs(shown - expected).mean() < 8
    assert (frame.small.shape[0] > frame.small.shape[1]) == (clockwise != 180)
