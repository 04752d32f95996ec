"""Small videos written for tests."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np


def write_video(
    path: Path, frames: Iterable[np.ndarray], *, rate: int = 12, times: Iterable[int] | None = None
) -> Path:
    """Write uint8 HxWx3 frames (sides even) as MPEG-4. times: of each frame, in 1/rate s, for a variable rate."""
    import av

    with av.open(str(path), "w") as out:
        stream = None
        ticks = iter(times) if times is not None else None
        for number, rgb in enumerate(frames):
            if stream is None:
                stream = out.add_stream("mpeg4", rate=rate)
                stream.height, stream.width = rgb.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.bit_rate = 4_000_000
                stream.codec_context.time_base = Fraction(1, rate)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            frame.pts = next(ticks) if ticks is not None else number
            frame.time_base = Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def plain(colour: tuple[int, int, int], n: int, height: int = 48, width: int = 64) -> list[np.ndarray]:
    """n frames of one colour."""
    return [np.full((height, width, 3), colour, np.uint8) for _ in range(n)]
