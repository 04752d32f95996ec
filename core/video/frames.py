"""Frames of a video with their times, decoded once, in order; any container and codec that FFmpeg reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from core.errors import PictureError
from core.imaging import formats
from core.imaging.files import read_head
from core.settings import Settings

SMALL = 96
"""Pixels of the longer side of the copy in which cuts are looked for."""
NO_VIDEO = frozenset({"nothing", "text", "JSON", "a web page", "an SVG drawing"})
"""What files hold that are called like a video and are none."""


@dataclass(frozen=True)
class VideoInfo:
    """What a file says of itself: seconds (None where it does not say), frames a second on average, size in pixels as
    it is shown, rotation included."""

    seconds: float | None
    rate: float
    width: int
    height: int


@dataclass(frozen=True)
class Frame:
    """A decoded frame: its number, its time in seconds from the start, and a small copy uint8 hxwx3 RGB.

    rgb() decodes the colours at full size, uint8 HxWx3, upright.
    """

    number: int
    time: float
    small: np.ndarray
    _source: Any

    def rgb(self) -> np.ndarray:
        """The whole frame, uint8 HxWx3."""
        return _upright(self._source.to_ndarray(format="rgb24"), self._source.rotation)


class VideoReader:
    """Reads one video file. Raises PictureError in words where it is none, or where PyAV is not installed.

    damaged: how many packets could not be decoded so far; they are passed over.
    """

    def __init__(self, path: Path):
        try:
            import av
        except ImportError as error:
            raise PictureError("Videos need one more package: pip install -r requirements-video.txt") from error
        self.path, self.damaged = path, 0
        self._av = av
        if not path.is_file():
            raise PictureError(f"{path} is not a file.")
        what = formats.kind(read_head(path))
        if what in NO_VIDEO:  # FFmpeg would follow the addresses and paths in a playlist
            raise PictureError(f"{path.name} is {'empty' if what == 'nothing' else f'{what}, not a video'}.")
        try:
            self._container = av.open(str(path))
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise PictureError(f"{path.name} is not a video that can be read ({_words(error)}).") from error
        if not self._container.streams.video:
            self.close()
            raise PictureError(f"{path.name} holds no picture track.")
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"
        width, height, most = self._stream.width, self._stream.height, Settings().max_picture_pixels
        if width * height > most:
            self.close()
            words = f"{path.name} has frames of {width} x {height} pixels; at most {most:,} are read."
            raise PictureError(f"{words} Make it smaller.")

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    @property
    def info(self) -> VideoInfo:
        """Length, rate and size as the file states them."""
        stream = self._stream
        seconds = None
        if stream.duration and stream.time_base:
            seconds = float(stream.duration * stream.time_base)
        elif self._container.duration:
            seconds = self._container.duration / self._av.time_base
        rate = float(stream.average_rate or stream.guessed_rate or 25)
        return VideoInfo(seconds, rate, stream.width, stream.height)

    def frames(self, start: float = 0.0) -> Iterator[Frame]:
        """All frames from a time on, in the order in which they are shown.

        A frame's time is its own, so that a variable frame rate is no matter; one without a time gets the last time
        plus a frame's length. Damaged packets are passed over and counted.
        """
        length = 1 / self.info.rate
        if start > 0:
            self._container.seek(int(start * self._av.time_base), backward=True)
        offset = float((self._stream.start_time or 0) * self._stream.time_base) if self._stream.time_base else 0.0
        number, time = 0, -length
        for source in self._decoded():
            time = max(time, source.time - offset) if source.time is not None else time + length
            if time < start:
                continue
            yield Frame(number, time, _small(source), source)
            number += 1

    def _decoded(self) -> Iterator[Any]:
        errors = self._av.error.FFmpegError
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (errors, OSError):  # the file ends in the middle of a packet
                self.damaged += 1
                return
            try:
                yield from packet.decode()
            except errors:
                self.damaged += 1


def _small(source: Any) -> np.ndarray:
    factor = SMALL / max(source.width, source.height)
    width, height = max(round(source.width * factor), 8), max(round(source.height * factor), 8)
    small = source.reformat(width=width, height=height, format="rgb24", interpolation="FAST_BILINEAR").to_ndarray()
    return _upright(small, source.rotation)


def _upright(rgb: np.ndarray, rotation: int) -> np.ndarray:
    """Turn a frame as its file asks. rotation: degrees counter-clockwise, as FFmpeg's display matrix gives them."""
    turns = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
    code = turns.get(rotation % 360)
    return rgb if code is None else cv2.rotate(rgb, code)


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
