"""How fast a 1080p video is watched: drawn shots as H.264, decoded, cut, faces found, embedded and followed.

    python -m benchmarks.videos [--seconds 60]

Prints seconds of video for a second of time, and for a second of two cores' work: on a machine that does other things
too, only the second figure says whether two cores keep up. From 1 on it is real time or better.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from core.drawn import cast, draw
from core.recognise.watching import watch
from core.settings import PRETRAINED, Settings
from core.vision import load_detector, load_encoder

WIDTH, HEIGHT, RATE, SHOT = 1920, 1080, 24, 3
CODECS = ("libx264", "libopenh264", "mpeg4")
CORES = 2


class Looker:
    """The shipped detector and encoder."""

    def __init__(self) -> None:
        self.detector = load_detector("auto", settings=Settings())
        self.encoder = load_encoder(PRETRAINED / "encoder.safetensors")


def frames(seconds: int) -> Iterator[np.ndarray]:
    """Slow pans over drawn pictures, uint8 1080x1920x3; each drawing is held for two frames, as in animation."""
    people = cast(6, 1)
    for number in range(seconds // SHOT):
        pixels = draw(people[number % len(people)], number).pixels
        factor = max(HEIGHT / pixels.shape[0], WIDTH / pixels.shape[1]) * 1.1
        large = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        for k in range(SHOT * RATE):
            x = round((large.shape[1] - WIDTH) * (k // 2 * 2) / (SHOT * RATE))
            y = round((large.shape[0] - HEIGHT) * 0.3)
            yield large[y : y + HEIGHT, x : x + WIDTH]


def write(path: Path, seconds: int) -> str:
    """Write the video; the codec that wrote it."""
    import av

    for codec in CODECS:
        try:
            av.codec.Codec(codec, "w")
        except ValueError:
            continue
        with av.open(str(path), "w") as out:
            stream = out.add_stream(codec, rate=RATE)
            stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", 8_000_000
            for number, rgb in enumerate(frames(seconds)):
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, RATE)
                out.mux(stream.encode(frame))
            out.mux(stream.encode())
        return codec
    raise SystemExit("No codec writes a video here.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mp4")
        codec, looker = write(path, seconds), Looker()
        begun, worked = time.monotonic(), time.process_time()
        watched = watch(path, looker)
        wall, work = time.monotonic() - begun, time.process_time() - worked
    print(f"{codec}, {WIDTH} x {HEIGHT}, {watched.seconds:.0f} s, {len(watched.shots)} shots, {watched.looks} looks")
    a_second, by_work = watched.seconds / wall, watched.seconds * CORES / work
    print(f"{a_second:.2f} s of video a second; {by_work:.2f} by the work of two cores")


if __name__ == "__main__":
    main()
