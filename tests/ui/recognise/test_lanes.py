"""A timeline as lanes."""

from __future__ import annotations

import pytest

from core.imaging.boxes import Box
from core.recognise.shipped_cast import Likeness
from core.recognise.timeline import Appearance, Timeline
from core.recognise.verdict import MATCH, UNKNOWN, UNSURE, Identification
from ui.recognise.lanes import NARROWEST, lanes, marks, span, stamp


def appearance(start, end, name="Rei", verdict=MATCH, similarity=0.8, like=None):
    answer = Identification(verdict, name, similarity, (), (), "", looks_like=like)
    return Appearance(start, end, answer, start, Box(0, 0, 9, 9), b"", 3)


def of(*appearances, seconds=100.0):
    return Timeline("a.mp4", seconds, 2, 30, 0, appearances)


def test_characters_come_by_their_seconds_and_the_unsure_and_unknown_last():
    told = of(
        appearance(0, 4, None, UNKNOWN),
        appearance(0, 30, "Rei", UNSURE),
        appearance(5, 10, "Rei"),
        appearance(20, 40, "Asuka"),
        appearance(50, 57, "Rei", similarity=0.9),
    )
    found = lanes(told)
    assert [(lane.name, lane.verdict, lane.seconds) for lane in found] == [
        ("Asuka", MATCH, 20),
        ("Rei", MATCH, 12),
        ("unsure", UNSURE, 30),
        ("unknown", UNKNOWN, 4),
    ]
    assert [(bar.number, bar.left, bar.width) for bar in found[1].bars] == [(2, 5, 5), (4, 50, 7)]
    assert found[1].best == 4, "the face shown is that of the surest appearance"


def test_those_who_look_like_one_of_the_shipped_cast_have_a_lane_each_before_the_other_unknown():
    sea, sky = Likeness("A", "Sea", 0.9), Likeness("A", "Sky", 0.9)
    spans = [(0, 30, None), (30, 35, sky), (40, 50, sea), (60, 61, sky)]
    found = lanes(of(*(appearance(start, end, None, UNKNOWN, like=like) for start, end, like in spans)))
    assert [(lane.like, lane.seconds, len(lane.bars)) for lane in found] == [(sea, 10, 1), (sky, 6, 2), (None, 30, 1)]


def test_a_short_appearance_has_a_bar_that_can_be_clicked_and_ends_within_the_lane():
    (lane,) = lanes(of(appearance(9999, 10000), seconds=10_000))
    assert lane.bars[0].width == NARROWEST and lane.bars[0].left + lane.bars[0].width == pytest.approx(100)


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (0.5, ["0:00"]),
        (8, ["0:00", "0:01", "0:02", "0:03", "0:04", "0:05", "0:06", "0:07"]),
        (60, ["0:00", "0:10", "0:20", "0:30", "0:40", "0:50"]),
        (5400, ["0:00", "15:00", "30:00", "45:00", "1:00:00", "1:15:00"]),
    ],
)
def test_the_scale_has_at_most_eight_round_times(seconds, labels):
    found = marks(seconds)
    assert [label for _, label in found] == labels
    assert all(0 <= left < 97 for left, _ in found)


def test_times_are_cut_to_the_second():
    assert [stamp(s) for s in (0, 59.9, 60, 3599, 3600)] == ["0:00", "0:59", "1:00", "59:59", "1:00:00"]
    assert span(appearance(1.2, 1.9)) == "0:01" and span(appearance(1.2, 62)) == "0:01–1:02"


def test_nothing_found_has_no_lane():
    assert lanes(of(seconds=0)) == []
