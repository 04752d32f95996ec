"""When a card, a group or a guess speaks up; it was measured (docs/groups.md)."""

from __future__ import annotations

from core.characters import cards, evidence, group_files, heap, looks, values
from tests.values import other_defaults, other_values

VALUES = [
    (cards, "ENOUGH", 5),
    (cards, "REPEATED", 0.3),
    (cards, "ALIKE", 0.15),
    (cards, "LOOKED_AT", 500),
    (evidence, "SURE", 0.5),
    (group_files, "FORMAT", 3),
    (group_files, "KEPT", 8),
    (heap, "COMPARED", 60),
    (heap, "NO_QUALITY", 0.5),
    (values, "GRANULARITY", 0.5),
]
DEFAULTS = [
    (cards.advise, {"odd": 0, "seen": 0}),
    (evidence.nearest_named, {"limit": 4}),
    (evidence.group_may_be, {"limit": 5}),
    (looks.looks, {"granularity": 0.5}),
    (values.Group, {"similarity": -1.0}),
]


def test_measured_values_and_limits_are_what_they_were():
    assert other_values(VALUES) == []


def test_where_nobody_says_anything_the_usual_is_taken():
    assert other_defaults(DEFAULTS) == []
