"""Who appears when: the faces of a video followed through its shots, each track named once, from all its looks."""

from __future__ import annotations

import math
import time as clock
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from core.errors import DataError
from core.imaging.boxes import Box
from core.progress import Progress, Reporter, silent
from core.recognise.recogniser import Recogniser
from core.recognise.verdict import MATCH, Identification, answer
from core.video.frames import VideoReader
from core.video.shots import CutDetector, differs
from core.video.tracks import Track, Tracker
from core.vision import face_crop

BATCH = 8
"""Frames that faces are looked for on together."""


@dataclass(frozen=True, slots=True)
class TimelineConfig:
    """looks: how often a second faces are looked for; a frame that begins a shot is always looked at, one that shows
    nothing new never. least_looks: a track of fewer looks is not told, unless its one look is a match. join: seconds
    between two appearances of one character that are told as one."""

    looks: float = 3.0
    least_looks: int = 2
    join: float = 2.0

    def __post_init__(self) -> None:
        if not 0.1 <= self.looks <= 60:
            raise DataError(f"Looks are from 0.1 to 60 a second, got {self.looks}.")
        if not 1 <= self.least_looks <= 1000:
            raise DataError(f"A track has from 1 to 1000 looks, got {self.least_looks}.")
        if not 0 <= self.join <= 3600:
            raise DataError(f"Appearances are joined over 0 to 3600 seconds, got {self.join}.")


@dataclass(frozen=True)
class Appearance:
    """A face from start to end, in seconds: the verdict from all its looks, the box and crop (uint8 HxWx3) of its best
    look and when that was; how many looks, and in how many tracks."""

    start: float
    end: float
    answer: Identification
    best_time: float
    box: Box
    crop: np.ndarray
    looks: int
    tracks: int = 1

    def as_dict(self) -> dict[str, object]:
        """The JSON form."""
        about = {"start": round(self.start, 3), "end": round(self.end, 3), "looks": self.looks, "tracks": self.tracks}
        return about | {"best_time": round(self.best_time, 3), "box": self.box.as_list()} | self.answer.as_dict()


@dataclass(frozen=True)
class Timeline:
    """The appearances of a video by their beginning; its length in seconds; how many shots, looks, damaged packets."""

    video: str
    seconds: float
    shots: int
    looks: int
    damaged: int
    appearances: tuple[Appearance, ...]

    def seconds_of(self, character: str) -> set[int]:
        """The whole seconds in which a character is told to appear (matches alone)."""
        own = [a for a in self.appearances if a.answer.verdict == MATCH and a.answer.character == character]
        return {second for a in own for second in range(int(a.start), math.ceil(a.end))}


@dataclass
class _Watched:
    """What comes of watching a video through: the tracks, the crop of each one's best look, when each shot began."""

    tracks: list[Track] = field(default_factory=list)
    crops: dict[int, np.ndarray] = field(default_factory=dict)
    seconds: float = 0.0
    shots: list[float] = field(default_factory=list)
    looks: int = 0
    damaged: int = 0


def timeline(
    path: Path, recogniser: Recogniser, config: TimelineConfig | None = None, *, report: Reporter = silent
) -> Timeline:
    """Watch a video and say who appears when. Raises PictureError where it cannot be read.

    Stopping loses nothing but the time: nothing is written.
    """
    config = config or TimelineConfig()
    watched = _watch(path, recogniser, config, report)
    found = []
    if watched.tracks:
        answers = answer(np.stack([t.mean for t in watched.tracks]), recogniser.gallery, recogniser.threshold)
        for track, one in zip(watched.tracks, answers, strict=True):
            if len(track.times) >= config.least_looks or one.verdict == MATCH:
                found.append(_appearance(track, one, watched, config))
    joined = join_appearances(found, config.join)
    return Timeline(path.name, watched.seconds, len(watched.shots), watched.looks, watched.damaged, joined)


def join_appearances(found: Sequence[Appearance], gap: float) -> tuple[Appearance, ...]:
    """Appearances by their beginning; matches of one character at most `gap` seconds apart become one."""
    joined: list[Appearance] = []
    last: dict[str, int] = {}
    for one in sorted(found, key=lambda a: (a.start, a.end)):
        name = one.answer.character if one.answer.verdict == MATCH else None
        at = last.get(name) if name is not None else None
        if at is not None and one.start - joined[at].end <= gap:
            joined[at] = _joined(joined[at], one)
            continue
        if name is not None:
            last[name] = len(joined)
        joined.append(one)
    return tuple(joined)


def _joined(a: Appearance, b: Appearance) -> Appearance:
    better = a if a.answer.similarity >= b.answer.similarity else b
    return replace(better, start=a.start, end=max(a.end, b.end), looks=a.looks + b.looks, tracks=a.tracks + b.tracks)


def _watch(path: Path, recogniser: Recogniser, config: TimelineConfig, report: Reporter) -> _Watched:
    watched, tracker, cuts = _Watched(), Tracker(), CutDetector()
    start, next_look, last = clock.monotonic(), 0.0, None
    waiting: list[tuple[int, float, np.ndarray]] = []
    with VideoReader(path) as video:
        total = None if video.info.seconds is None else math.ceil(video.info.seconds)
        for frame in video.frames():
            cut = cuts.cut_at(frame.small)
            watched.shots += [frame.time] if cut else []
            watched.seconds = frame.time + 1 / video.info.rate
            if not cut and (frame.time < next_look or (last is not None and not differs(frame.small, last))):
                continue
            next_look, last = frame.time + 1 / config.looks, frame.small
            waiting.append((len(watched.shots) - 1, frame.time, frame.rgb()))
            if len(waiting) == BATCH:
                _look(waiting, recogniser, tracker, watched)
                data = {"tracks": len(watched.tracks), "shots": len(watched.shots)}
                report(Progress("timeline", int(frame.time), total, clock.monotonic() - start, data=data))
        _look(waiting, recogniser, tracker, watched)
        watched.damaged = video.damaged
    watched.tracks = tracker.close()
    report(Progress("timeline", math.ceil(watched.seconds), total, clock.monotonic() - start))
    return watched


def _look(
    waiting: list[tuple[int, float, np.ndarray]], recogniser: Recogniser, tracker: Tracker, watched: _Watched
) -> None:
    """Find and embed the faces on the frames that wait, all together, and follow them."""
    found = recogniser.detector.detect_many([rgb for _, _, rgb in waiting]) if waiting else []
    crops = [[face_crop(rgb, d.box) for d in own] for (_, _, rgb), own in zip(waiting, found, strict=True)]
    vectors = recogniser.encoder.embed([crop for own in crops for crop in own], framing="given")
    at = 0
    for (shot, seconds, _), own, cut in zip(waiting, found, crops, strict=True):
        embeddings = vectors[at : at + len(own)]
        at += len(own)
        tracks = tracker.look(shot, seconds, [d.box for d in own], embeddings, [d.score for d in own])
        for track, crop in zip(tracks, cut, strict=True):
            if track.best == len(track.times) - 1:
                watched.crops[id(track)] = crop
    watched.looks += len(waiting)
    waiting.clear()


def _appearance(track: Track, answer: Identification, watched: _Watched, config: TimelineConfig) -> Appearance:
    """A track seen at some looks was there half the time to the next look before and after, within its shot."""
    half, best, shots = 0.5 / config.looks, track.best, [*watched.shots, watched.seconds]
    return Appearance(
        max(track.times[0] - half, shots[track.shot]),
        min(track.times[-1] + half, shots[track.shot + 1]),
        answer,
        track.times[best],
        track.boxes[best],
        watched.crops[id(track)],
        len(track.times),
    )
