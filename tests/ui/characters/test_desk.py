"""What a tab remembers of naming."""

from __future__ import annotations

from ui.characters.desk import Desk


def test_a_group_stays_open_for_the_faces_that_are_left_of_it():
    desk = Desk(open=("group", 4))
    desk.left_of([4, 7, 9], [4, 9])
    assert desk.open == ("group", 7)


def test_a_group_of_which_nothing_is_left_is_closed():
    desk = Desk(open=("group", 4))
    desk.left_of([4, 7], [7, 4])
    assert desk.open is None
