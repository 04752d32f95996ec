"""Presses arrive again and again until they are acknowledged: each is done once, in order, and none is lost."""

from __future__ import annotations

import pytest

from core.crop.presses import Press, unapplied


def sent(*presses, token="tab"):
    return {"token": token, "presses": list(presses)}


def press(serial, act="keep", **values):
    return {"serial": serial, "act": act, "picture": 7, "face": 9, **values}


def serials(found):
    return [p.serial for p in found]


def test_only_what_was_not_acknowledged_is_left_to_do():
    assert serials(unapplied(sent(press(1), press(2), press(3)), "tab", 1)) == [2, 3]


def test_a_list_that_arrives_twice_does_nothing_the_second_time():
    again = sent(press(1), press(2))
    assert serials(unapplied(again, "tab", 0)) == [1, 2]
    assert unapplied(again, "tab", 2) == []


def test_they_are_in_the_order_in_which_they_were_pressed_and_each_there_once():
    assert serials(unapplied(sent(press(3), press(1), press(3), press(2)), "tab", 0)) == [1, 2, 3]


def test_another_review_is_not_this_one():
    assert unapplied(sent(press(1), token="old"), "tab", 0) == []
    assert unapplied(None, "tab", 0) == []


def test_a_press_says_what_it_is_about():
    moved = press(4, "move", revision=3, box=[1, 2.5, 30, 40])
    assert unapplied(sent(moved), "tab", 0) == [Press(4, "move", 7, 9, 3, (1.0, 2.5, 30.0, 40.0))]
    drawn = press(5, "drawn", face=None, region=[10, 20, 2.5], instead=9, tries=1)
    assert unapplied(sent(drawn), "tab", 0) == [
        Press(5, "drawn", 7, None, -1, region=(10.0, 20.0, 2.5), instead=9, tries=1)
    ]


@pytest.mark.parametrize(
    "damaged",
    [
        "no press",
        {"act": "keep"},
        {"serial": "x", "act": "keep"},
        press(1, "format the disk"),
        press(1, "move", box=[1, 2, 3]),
        press(1, "move", box=[1, 2, 0, 4]),
        press(1, "move", box=[1, 2, float("nan"), 4]),
        press(1, "drawn", region=[0, 0, 0]),
    ],
)
def test_what_is_damaged_is_left_out_and_the_rest_is_done(damaged):
    assert serials(unapplied(sent(damaged, press(2)), "tab", 0)) == [2]


def test_a_box_may_be_smaller_than_a_pixel_and_lie_outside():
    moved = press(1, "move", box=[-3, -4, 0.5, 0.25])
    assert unapplied(sent(moved), "tab", 0)[0].box == (-3.0, -4.0, 0.5, 0.25)
    drawn = press(2, "drawn", region=[0, 0, 0.5])
    assert unapplied(sent(drawn), "tab", 0)[0].region == (0.0, 0.0, 0.5)


@pytest.mark.parametrize("box", [[0, 0, 5, 0], [0, 0, -1, 5], [0, 0, 5, -1]])
def test_a_box_without_an_area_is_none(box):
    assert unapplied(sent(press(1, "move", box=box)), "tab", 0) == []


def test_what_a_press_does_not_say_is_nothing():
    assert unapplied(sent({"serial": 3, "act": "next"}), "tab", 2) == [Press(3, "next")]
    assert Press(3, "next") == Press(3, "next", None, None, -1, None, "", None, None, 0, ())
