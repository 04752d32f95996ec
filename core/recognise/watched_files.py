"""What was watched of a video, and the file that keeps it: a cache beside the workspace's others, no decision in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.documents import parse_json
from core.errors import PictureError
from core.imaging.boxes import Box
from core.video.tracks import Track
from core.workspace.arrays import load_arrays, save_arrays
from core.workspace.folders import Workspace

FORMAT = 1
"""Part of a file's name: to be raised when the way from frames to tracks changes."""
SAMPLE = 1 << 20
"""Bytes of the beginning and of the end that tell one video from another, together with its size."""


@dataclass
class Watched:
    """What comes of watching a video: its length in seconds (None where the file does not say), when each shot began,
    how many frames were looked at, how many packets were damaged, and the tracks.

    seconds: watched so far; whole: to the end. The rest is where a run goes on: tracks that are open, the time of the
    last frame, when to look next, the small copy of the frame looked at last, and the seconds of work so far.
    """

    video: str
    length: float | None = None
    seconds: float = 0.0
    shots: list[float] = field(default_factory=list)
    looks: int = 0
    damaged: int = 0
    finished: list[Track] = field(default_factory=list)
    whole: bool = False
    open: list[Track] = field(default_factory=list)
    at: float = -1.0
    next_look: float = 0.0
    last: np.ndarray | None = None
    worked: float = 0.0


_PLAIN = ("video", "length", "seconds", "looks", "damaged", "whole", "at", "next_look", "worked")
_NUMBERS = ("shot", "start", "end", "looks", "missed", "best_time", "best_weight")


def watched_path(workspace: Workspace, video: Path, *, encoder: str, detector: str, looks: float) -> Path:
    """Where what was watched of a video is kept. encoder: its digest; detector: its name.

    The video is known by its size and its ends, so that a copy of it is not watched again. Raises PictureError where it
    cannot be read.
    """
    try:
        with video.open("rb") as file:
            size = file.seek(0, 2)
            about = f"{size} {encoder} {detector} {looks} {FORMAT}"
            key = hashlib.sha256(about.encode())
            for start in (0, max(size - SAMPLE, 0)):
                file.seek(start)
                key.update(file.read(SAMPLE))
    except OSError as error:
        raise PictureError(f"{video} cannot be read: {error.strerror or error}.") from error
    return workspace.cache / "videos" / f"{encoder[:16]}-{key.hexdigest()[:24]}.npz"


@dataclass(frozen=True)
class KeptVideo:
    """A video that was watched, to the end (whole) or up to `seconds`: its name, and the file that keeps it."""

    path: Path
    video: str
    seconds: float
    whole: bool


def kept_videos(workspace: Workspace, encoder: str) -> list[KeptVideo]:
    """What was watched with an encoder (its digest), the newest first; only a line of each file is read."""
    files = (workspace.cache / "videos").glob(f"{encoder[:16]}-*.npz")
    found = []
    for path in sorted(files, key=lambda file: file.stat().st_mtime_ns, reverse=True):
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                about = parse_json(str(file["about"]))
            found.append(KeptVideo(path, str(about["video"]), float(about["seconds"]), bool(about["whole"])))
        except (OSError, ValueError, EOFError, KeyError, TypeError, zipfile.BadZipFile):
            continue  # broken: it is watched anew
    return found


def save_watched(watched: Watched, path: Path) -> Path:
    """Write it, whole or not at all."""
    tracks = [*watched.finished, *watched.open]
    crops = [np.frombuffer(track.crop, np.uint8) for track in tracks]
    none = np.zeros(0, np.uint8)
    rows = [
        [*(getattr(t, name) for name in _NUMBERS), *t.box.as_list(), *t.best_box.as_list(), i >= len(watched.finished)]
        for i, t in enumerate(tracks)
    ]
    arrays = {
        "about": np.array(json.dumps({name: getattr(watched, name) for name in _PLAIN})),
        "shots": np.array(watched.shots, np.float64),
        "tracks": np.array(rows, np.float64),
        "totals": np.stack([track.total for track in tracks]) if tracks else none,
        "crops": np.concatenate([none, *crops]),
        "sizes": np.array([len(crop) for crop in crops], np.int64),
        "last": none if watched.last is None else watched.last,
    }
    return save_arrays(path, arrays)


def load_watched(path: Path) -> Watched | None:
    """What a file keeps; None where it is missing, broken, or not of this form: it is then watched anew."""
    arrays = load_arrays(path)
    try:
        return None if arrays is None else _read(arrays)
    except (KeyError, ValueError, TypeError, IndexError):
        return None


def _read(arrays: dict[str, np.ndarray]) -> Watched:
    about = parse_json(str(arrays["about"]))
    watched = Watched(**{name: about[name] for name in _PLAIN})
    watched.shots = arrays["shots"].tolist()
    ends = np.cumsum(arrays["sizes"])
    for i, row in enumerate(arrays["tracks"].tolist()):
        crop = arrays["crops"][ends[i] - arrays["sizes"][i] : ends[i]].tobytes()
        track = _track(row, arrays["totals"][i], crop)
        (watched.open if row[-1] else watched.finished).append(track)
    watched.last = arrays["last"] if arrays["last"].ndim == 3 else None
    return watched


def _track(row: Sequence[float], total: np.ndarray, crop: bytes) -> Track:
    shot, start, end, looks, missed, best_time, best_weight = row[: len(_NUMBERS)]
    box, best_box = Box(*row[len(_NUMBERS) :][:4]), Box(*row[len(_NUMBERS) :][4:8])
    return Track(int(shot), start, end, int(looks), int(missed), box, best_time, best_box, best_weight, total, crop)
