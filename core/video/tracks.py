"""Faces followed through a shot: boxes that overlap from one look to the next, and look alike, are one track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.imaging.boxes import Box

OVERLAP = 0.2
"""IoU from which a box goes on with a track."""

ALIKE = 0.35
"""Cosine similarity from which a box of the same shot elsewhere goes on with a track: a face that moved fast."""

PATIENCE = 3
"""Looks that a face may be hidden for without its track ending."""


@dataclass
class Track:
    """One face through one shot. start, end: seconds of its first and last look, of which there were so many; box: of
    the last; missed: looks since at which it was not seen. total: sum of the unit embeddings, float32 (d,). best_time,
    best_box: of the look with the largest sure face; best_weight: its score times its side; crop: what whoever looks
    keeps of that face."""

    shot: int
    start: float
    end: float
    looks: int
    missed: int
    box: Box
    best_time: float
    best_box: Box
    best_weight: float
    total: np.ndarray
    crop: bytes = b""

    @classmethod
    def begin(cls, shot: int, time: float, box: Box, embedding: np.ndarray, score: float) -> Track:
        """A track of one look."""
        vector = np.asarray(embedding, np.float32)
        return cls(shot, time, time, 1, 0, box, time, box, _weight(box, score), vector)

    @property
    def mean(self) -> np.ndarray:
        """The unit mean of the embeddings, float32 (d,)."""
        unit: np.ndarray = self.total / max(float(np.linalg.norm(self.total)), 1e-9)
        return unit.astype(np.float32)

    def add(self, time: float, box: Box, embedding: np.ndarray, score: float) -> bool:
        """Go on with a look; whether it is the best so far."""
        self.total = self.total + np.asarray(embedding, np.float32)
        self.end, self.box, self.looks, self.missed = time, box, self.looks + 1, 0
        weight = _weight(box, score)
        if weight <= self.best_weight:
            return False
        self.best_time, self.best_box, self.best_weight = time, box, weight
        return True


class Tracker:
    """Gathers looks at a video, in order, into tracks. finished, open, shot: where an earlier tracker stopped."""

    def __init__(self, finished: Sequence[Track] = (), open: Sequence[Track] = (), shot: int = -1) -> None:
        self.finished, self.open, self._shot = list(finished), list(open), shot

    def look(
        self, shot: int, time: float, boxes: Sequence[Box], embeddings: np.ndarray, scores: Sequence[float]
    ) -> list[tuple[Track, bool]]:
        """Add the faces seen at a time: each goes on with at most one track of its shot, the best pairs first.

        Returns each face's track, and whether this is its best look so far.
        """
        if shot != self._shot:
            self.close()
            self._shot = shot
        pairs = self._pairs(boxes, embeddings)
        gone = set(range(len(self.open))) - set(pairs.values())
        for i, track in enumerate(self.open):
            track.missed += i in gone
        seen = []
        for j, box in enumerate(boxes):
            if j in pairs:
                track = self.open[pairs[j]]
                seen.append((track, track.add(time, box, embeddings[j], scores[j])))
            else:
                track = Track.begin(shot, time, box, embeddings[j], scores[j])
                self.open.append(track)
                seen.append((track, True))
        self.finished += [t for t in self.open if t.missed > PATIENCE]
        self.open = [t for t in self.open if t.missed <= PATIENCE]
        return seen

    def still(self, time: float) -> None:
        """Nothing new is to be seen at a time: who was seen at the last look is there still."""
        for track in self.open:
            if track.missed == 0:
                track.end, track.looks = time, track.looks + 1

    def close(self) -> list[Track]:
        """End the open tracks; all tracks by their beginning."""
        self.finished += self.open
        self.open = []
        self.finished.sort(key=lambda t: t.start)
        return self.finished

    def _pairs(self, boxes: Sequence[Box], embeddings: np.ndarray) -> dict[int, int]:
        """Index of a box -> index of the open track that it goes on with."""
        scored = []
        means = [track.mean for track in self.open]
        for j, box in enumerate(boxes):
            for i, track in enumerate(self.open):
                overlap = box.iou(track.box)
                alike = float(np.dot(means[i], embeddings[j]))
                if overlap >= OVERLAP or alike >= ALIKE:
                    scored.append((overlap + alike, i, j))
        taken: dict[int, int] = {}
        for _, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
            if j not in taken and i not in taken.values():
                taken[j] = i
        return taken


def _weight(box: Box, score: float) -> float:
    return score * max(box.w, box.h)
