"""What grouping finds, counted."""

from __future__ import annotations

from core.characters.values import GRANULARITY, Group, Groups


def test_groups_and_faces_are_counted():
    found = Groups((Group("g1", (1, 2, 3), 1, 0.9), Group("g4", (4, 5), 4, 0.8)), (6,), (7, 8))
    assert (len(found), found.faces, len(found.groups[0])) == (2, 8, 3)
    assert found.granularity == GRANULARITY
    assert (found.groups[0].suggestion, found.groups[0].similarity) == ("", -1.0)
