"""Who appears when: the faces of a video followed through its shots, each track named once, from all its looks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.errors import DataError
from core.imaging.boxes import Box
from core.progress import Reporter, silent
from core.recognise.gallery import Gallery
from core.recognise.recogniser import Recogniser
from core.recognise.threshold import Threshold
from core.recognise.verdict import MATCH, Identification, answer
from core.recognise.watched_files import Watched, watched_path
from core.recognise.watching import watch
from core.video.tracks import Track
from core.workspace.folders import Workspace


@dataclass(frozen=True, slots=True)
class TimelineConfig:
    """looks: how often a second faces are looked for (core.recognise.watching). least_looks: a track of fewer looks is
    not told, unless it is a match. join: seconds between two appearances of one character that are told as one."""

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
    """A face from start to end, in seconds: the verdict from all its looks, the box and crop (JPEG, in the framing of
    faces) of its best look and when that was; how many looks, and in how many tracks."""

    start: float
    end: float
    answer: Identification
    best_time: float
    box: Box
    crop: bytes
    looks: int
    tracks: int = 1

    @property
    def whom(self) -> tuple[str, str] | None:
        """Who it is as far as it is told: "" and one's own character, or a work and its character of the shipped cast;
        None for the unsure and for the unknown that look like nobody."""
        if self.answer.verdict == MATCH and self.answer.character:
            return "", self.answer.character
        like = self.answer.looks_like
        return None if like is None else (like.work, like.name)

    @property
    def similarity(self) -> float:
        """To whom it is told to show, -1 to 1."""
        like = self.answer.looks_like
        return self.answer.similarity if like is None else like.similarity

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


def timeline(
    path: Path,
    recogniser: Recogniser,
    config: TimelineConfig | None = None,
    *,
    workspace: Workspace | None = None,
    report: Reporter = silent,
) -> Timeline:
    """Watch a video and say who appears when. Raises PictureError where it cannot be read.

    workspace: in whose cache it is kept what was watched, so that a run that was stopped goes on, and one that was not
    is not watched again.
    """
    config = config or TimelineConfig()
    kept = None if workspace is None else watched_file(workspace, path, recogniser, config)
    watched = watch(path, recogniser, looks=config.looks, kept=kept, report=report)
    return judged_timeline(watched, recogniser.gallery, recogniser.threshold, config)


def watched_file(workspace: Workspace, path: Path, recogniser: Recogniser, config: TimelineConfig) -> Path:
    """Where what this recogniser watched of a video is kept. Raises PictureError where the video cannot be read."""
    made_by = recogniser.gallery.space
    return watched_path(workspace, path, encoder=made_by, detector=recogniser.detector_name, looks=config.looks)


def judged_timeline(
    watched: Watched, gallery: Gallery, threshold: Threshold, config: TimelineConfig | None = None
) -> Timeline:
    """Who appears when in what was watched: each track named once, by the mean of all its looks."""
    config = config or TimelineConfig()
    tracks = watched.finished
    found = []
    if tracks:
        answers = answer(np.stack([track.mean for track in tracks]), gallery, threshold)
        for track, one in zip(tracks, answers, strict=True):
            if track.looks >= config.least_looks or one.verdict == MATCH:
                found.append(_appearance(track, one, watched, config))
    joined = join_appearances(found, config.join)
    return Timeline(watched.video, watched.seconds, len(watched.shots), watched.looks, watched.damaged, joined)


def join_appearances(found: Sequence[Appearance], gap: float) -> tuple[Appearance, ...]:
    """Appearances by their beginning; those of one character at most `gap` seconds apart become one: matches, and
    unknown faces that look like one of the shipped cast."""
    joined: list[Appearance] = []
    last: dict[tuple[str, str], int] = {}
    for one in sorted(found, key=lambda a: (a.start, a.end)):
        name = one.whom
        at = last.get(name) if name is not None else None
        if at is not None and one.start - joined[at].end <= gap:
            joined[at] = _joined(joined[at], one)
            continue
        if name is not None:
            last[name] = len(joined)
        joined.append(one)
    return tuple(joined)


def _joined(a: Appearance, b: Appearance) -> Appearance:
    better = a if a.similarity >= b.similarity else b
    return replace(better, start=a.start, end=max(a.end, b.end), looks=a.looks + b.looks, tracks=a.tracks + b.tracks)


def _appearance(track: Track, answer: Identification, watched: Watched, config: TimelineConfig) -> Appearance:
    """A track seen at some looks was there half the time to the next look before and after, within its shot."""
    half, shots = 0.5 / config.looks, [*watched.shots, watched.seconds]
    return Appearance(
        max(track.start - half, shots[track.shot]),
        min(track.end + half, shots[track.shot + 1]),
        answer,
        track.best_time,
        track.best_box,
        track.crop,
        track.looks,
    )
