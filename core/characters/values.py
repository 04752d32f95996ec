"""What grouping finds."""

from __future__ import annotations

from dataclasses import dataclass

GRANULARITY = 0.5
"""What naming starts from: pure groups, whose names then say who the rest may be."""


@dataclass(frozen=True, slots=True)
class Group:
    """Unnamed faces that look like one character.

    id: such as g17, the same as long as its first face stays in it. faces: their ids, nearest to the group's middle
    first. cover: the id of the face to show. cohesion: mean similarity of two of its faces, -1 to 1. suggestion: the
    named character that it may be, "" where none comes near; similarity: to the nearest one, -1 without any.
    """

    id: str
    faces: tuple[int, ...]
    cover: int
    cohesion: float
    suggestion: str = ""
    similarity: float = -1.0

    def __len__(self) -> int:
        return len(self.faces)


@dataclass(frozen=True, slots=True)
class Groups:
    """groups: largest first. singles: ids of the faces in no group. non_faces: ids of those that are probably no faces;
    no group and no single has them. granularity: how they were made."""

    groups: tuple[Group, ...]
    singles: tuple[int, ...]
    non_faces: tuple[int, ...]
    granularity: float = GRANULARITY

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def faces(self) -> int:
        """Unnamed faces altogether."""
        return sum(map(len, self.groups)) + len(self.singles) + len(self.non_faces)
