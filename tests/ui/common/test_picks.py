"""Picks: what the browser says of the pictures that it shows, and nothing of the others."""

from ui.common.picks import take


def test_what_is_shown_follows_the_browser_and_other_pages_keep_their_picks():
    picked = {1, 2, 9}
    take({"shown": [1, 2, 3], "picked": [2, 3]}, picked)
    assert picked == {2, 3, 9}
    take(None, picked)
    take({"shown": [2, 3], "picked": []}, picked)
    assert picked == {9}
