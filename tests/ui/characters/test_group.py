"""What the wall of a group says about its picks."""

from __future__ import annotations

from ui.characters.group import about_picks


def test_it_says_whom_a_name_goes_to():
    assert about_picks(0, 1200).startswith("Nothing picked: a name goes to all 1,200.")
    assert about_picks(3, 1200) == "3 of 1,200 faces picked: a name goes to these only."
