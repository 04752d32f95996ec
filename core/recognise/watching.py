"""A video watched through: when its shots begin, and the faces followed through them, with what each looks like.

What was watched knows no names. It is kept, so that another threshold, a new character or a correction changes who is
said to appear without watching again, and so that a run that was stopped goes on.
"""

from __future__ import annotations

import math
import time as clock
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from core.errors import Cancelled
from core.imaging.reading import encode_jpeg, thumbnail
from core.progress import Progress, Reporter, silent
from core.recognise.pictures import Encoder
from core.recognise.watched_files import Watched, load_watched, save_watched
from core.video.frames import Frame, VideoReader
from core.video.shots import CutDetector, differs
from core.video.tracks import Tracker
from core.vision import face_crop
from core.vision.detector import Detector

BATCH = 8
"""Frames that faces are looked for on together."""
CROP = 256
"""Pixels: the side at which the best look of each track is kept."""
TELL_EVERY = 0.5
"""Seconds between two reports."""
SAVE_EVERY = 30.0
"""Seconds of work that are lost at most where the process dies."""
ROUNDING = 1e-3
"""Seconds: times of frames are rounded, and a look must not come a frame late for it."""
BACK = 2.0
"""Seconds of video that are decoded again where a run goes on, so that the cut detector knows what came before."""


class Looker(Protocol):
    """What finds and embeds faces: a Recogniser, for one."""

    @property
    def detector(self) -> Detector: ...

    @property
    def encoder(self) -> Encoder: ...


def watch(
    path: Path, looker: Looker, *, looks: float = 3.0, kept: Path | None = None, report: Reporter = silent
) -> Watched:
    """Watch a video through. looks: how often a second faces are looked for; a frame that begins a shot is always
    looked at, one that shows nothing new never: who was there is there still.

    kept: the file (.npz) in which what was watched is kept; a run that was stopped goes on from there. Stage reported:
    `timeline`, in seconds of the video. Raises PictureError where the video cannot be read.
    """
    watched = (load_watched(kept) if kept is not None else None) or Watched(path.name)
    if watched.whole:
        return watched
    with VideoReader(path) as video:
        watched.length = video.info.seconds
        _Run(watched, looker, looks, kept, report).through(video)
    return watched


class _Run:
    """One run over a video, from where the last one stopped."""

    def __init__(self, watched: Watched, looker: Looker, looks: float, kept: Path | None, report: Reporter):
        self.watched, self.looker, self.looks, self.kept, self.report = watched, looker, looks, kept, report
        self.tracker = Tracker(watched.finished, watched.open, len(watched.shots) - 1)
        self.cuts = CutDetector()
        self.waiting: list[tuple[int, float, Frame | None]] = []
        """Shot, second, and the frame, None where it shows what the one before it shows."""
        self.begun = self.told = self.saved = clock.monotonic()
        self.worked = watched.worked

    def through(self, video: VideoReader) -> None:
        """Watch to the end."""
        watched, damaged = self.watched, self.watched.damaged
        for frame in video.frames(max(watched.at - BACK, 0.0)):
            if frame.time <= watched.at:
                self.cuts.cut_at(frame.small)
                continue
            self._see(frame)
            watched.at, watched.seconds = frame.time, frame.time + 1 / video.info.rate
            watched.damaged = damaged + video.damaged
            if clock.monotonic() - self.told >= TELL_EVERY:
                self._tell()
        self._look()
        watched.damaged = damaged + video.damaged
        watched.finished, watched.open, watched.whole, watched.last = self.tracker.close(), [], True, None
        self._save()
        self._report(math.ceil(watched.seconds))

    def _see(self, frame: Frame) -> None:
        watched = self.watched
        cut = self.cuts.cut_at(frame.small)
        watched.shots += [frame.time] if cut else []
        if not cut and frame.time < watched.next_look - ROUNDING:
            return
        new = cut or watched.last is None or differs(frame.small, watched.last)
        self.waiting.append((len(watched.shots) - 1, frame.time, frame if new else None))
        watched.next_look = frame.time + 1 / self.looks
        if new:
            watched.last = frame.small
            if sum(one is not None for _, _, one in self.waiting) == BATCH:
                self._look()

    def _look(self) -> None:
        """Find and embed the faces on the frames that wait, all together, and follow them."""
        frames = [frame.rgb() for _, _, frame in self.waiting if frame is not None]
        found = self.looker.detector.detect_many(frames) if frames else []
        crops = [[face_crop(rgb, d.box) for d in own] for rgb, own in zip(frames, found, strict=True)]
        vectors = self.looker.encoder.embed([crop for own in crops for crop in own], framing="given")
        seen, at = iter(zip(found, crops, strict=True)), 0
        for shot, seconds, frame in self.waiting:
            if frame is None:
                self.tracker.still(seconds)
                continue
            own, cut = next(seen)
            embeddings = vectors[at : at + len(own)]
            at += len(own)
            tracks = self.tracker.look(shot, seconds, [d.box for d in own], embeddings, [d.score for d in own])
            for (track, best), crop in zip(tracks, cut, strict=True):
                if best:
                    track.crop = encode_jpeg(thumbnail(crop, CROP), 90)
        self.watched.looks += len(frames)
        self.waiting.clear()

    def _tell(self) -> None:
        """Report; where it is time, or where the work is to stop, keep what was watched so far."""
        self.told = clock.monotonic()
        if self.told - self.saved >= SAVE_EVERY:
            self._look()
            self._save()
        try:
            self._report(int(self.watched.at))
        except Cancelled:
            self._look()
            self._save()
            raise

    def _report(self, n: int) -> None:
        watched = self.watched
        watched.worked = self.worked + clock.monotonic() - self.begun
        tracks = len(self.tracker.finished) + len(self.tracker.open)
        total = None if watched.length is None else max(math.ceil(watched.length), n)
        data = {"at": watched.at, "tracks": tracks, "shots": len(watched.shots)}
        note = f"{watched.video}: {tracks:,} faces followed through {len(watched.shots):,} shots"
        self.report(Progress("timeline", n, total, watched.worked, note, data))

    def _save(self) -> None:
        """Keep it; a folder that cannot be written is no reason not to answer."""
        self.watched.finished, self.watched.open = self.tracker.finished, self.tracker.open
        self.saved = clock.monotonic()
        if self.kept is not None:
            with suppress(OSError):
                save_watched(self.watched, self.kept)
