"""Faces that were called unknown, taken into the workspace without a name: Characters groups them with the others."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.recognise.batch import Answered
from core.recognise.verdict import UNKNOWN
from core.workspace.corrections import to_be_named
from core.workspace.lone import LoneFace
from core.workspace.project import Project

TOGETHER = 200
"""Faces that are taken in as one change."""


@dataclass
class UnknownFaces:
    """Gathers faces, and writes them TOGETHER at a time; what is there already stays one face."""

    project: Project
    waiting: list[LoneFace] = field(default_factory=list)

    def put(self, answered: Answered) -> None:
        """Take the unknown faces of a picture in; they are written once there are enough."""
        faces = [face for face in answered.faces if face.answer.verdict == UNKNOWN]
        self.waiting += [face.as_lone(answered.query.name) for face in faces]
        if len(self.waiting) >= TOGETHER:
            self.write()

    def write(self) -> None:
        """Write what waits."""
        if self.waiting:
            to_be_named(self.project, self.waiting)
        self.waiting.clear()
