"""Faces followed through a shot: boxes that overlap from one look to the next, and look alike, are one track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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
    """One face through one shot: times in seconds, boxes, unit embeddings, detection scores; index of the best look."""

    shot: int
    times: list[float] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    embeddings: list[np.ndarray] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    missed: int = 0

    @property
    def mean(self) -> np.ndarray:
        """The unit mean of the embeddings, float32 (d,)."""
        total = np.mean(self.embeddings, axis=0)
        unit: np.ndarray = total / max(float(np.linalg.norm(total)), 1e-9)
        return unit.astype(np.float32)

    @property
    def best(self) -> int:
        """The look with the largest sure face: score times side."""
        return int(np.argmax([s * max(b.w, b.h) for s, b in zip(self.scores, self.boxes, strict=True)]))

    def add(self, time: float, box: Box, embedding: np.ndarray, score: float) -> None:
        """Go on with a look."""
        self.times.append(time)
        self.boxes.append(box)
        self.embeddings.append(np.asarray(embedding, np.float32))
        self.scores.append(score)
        self.missed = 0


class Tracker:
    """Gathers looks at a video, in order, into tracks."""

    def __init__(self) -> None:
        self.finished: list[Track] = []
        self._open: list[Track] = []
        self._shot = -1

    def look(
        self, shot: int, time: float, boxes: Sequence[Box], embeddings: np.ndarray, scores: Sequence[float]
    ) -> list[Track]:
        """Add the faces seen at a time: each goes on with at most one track of its shot, the best pairs first.

        Returns each face's track.
        """
        if shot != self._shot:
            self.close()
            self._shot = shot
        pairs = self._pairs(boxes, embeddings)
        gone = set(range(len(self._open))) - set(pairs.values())
        for i, track in enumerate(self._open):
            track.missed += i in gone
        seen = []
        for j, box in enumerate(boxes):
            if j in pairs:
                track = self._open[pairs[j]]
            else:
                track = Track(shot)
                self._open.append(track)
            track.add(time, box, embeddings[j], scores[j])
            seen.append(track)
        self.finished += [t for t in self._open if t.missed > PATIENCE]
        self._open = [t for t in self._open if t.missed <= PATIENCE]
        return seen

    def close(self) -> list[Track]:
        """End the open tracks; all tracks by their beginning."""
        self.finished += self._open
        self._open = []
        self.finished.sort(key=lambda t: t.times[0])
        return self.finished

    def _pairs(self, boxes: Sequence[Box], embeddings: np.ndarray) -> dict[int, int]:
        """Index of a box -> index of the open track that it goes on with."""
        scored = []
        for j, box in enumerate(boxes):
            for i, track in enumerate(self._open):
                overlap = box.iou(track.boxes[-1])
                alike = float(np.dot(track.mean, embeddings[j]))
                if overlap >= OVERLAP or alike >= ALIKE:
                    scored.append((overlap + alike, i, j))
        taken: dict[int, int] = {}
        for _, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
            if j not in taken and i not in taken.values():
                taken[j] = i
        return taken
