"""What the worker reads out of the result page, without a browser: addresses, pages, titles, and how it ended."""

from __future__ import annotations

import pytest

from core.collect.google_worker import ROBOT, _first_line, _items, _plain


def shown(image, page, title):
    return f'["{image}",600,400],[1],{{"2003":[null,"id","{page}","{title}"]}}'


def test_each_address_gets_its_own_page_and_title():
    text = shown("https://a/1.jpg", "https://s/1", "One") + shown("https://a/2.jpg", "https://s/2", "Two \\u0026 more")
    assert list(_items(["https://a/2.jpg", "https://a/1.jpg"], text)) == [
        {"image": "https://a/2.jpg", "page": "https://s/2", "title": "Two & more"},
        {"image": "https://a/1.jpg", "page": "https://s/1", "title": "One"},
    ]


def test_an_address_without_a_page_does_not_take_its_neighbours():
    text = '["https://a/1.jpg",6,4]' + shown("https://a/2.jpg", "https://s/2", "Two")
    first, _, unknown = _items(["https://a/1.jpg", "https://a/2.jpg", "https://a/3.jpg"], text)
    assert first == {"image": "https://a/1.jpg", "page": "", "title": ""}
    assert unknown == {"image": "https://a/3.jpg", "page": "", "title": ""}


@pytest.mark.parametrize(("text", "plain"), [("a?b\\u003d1", "a?b=1"), ("a", "a"), ('a"b', 'a"b')])
def test_escapes_of_the_script_are_undone(text, plain):
    assert _plain(text) == plain


@pytest.mark.parametrize(
    ("page", "asks"), [("Unusual Traffic from", True), ("<a href=/sorry/index>", True), ("no results", False)]
)
def test_a_page_that_asks_for_proof_is_told(page, asks):
    assert bool(ROBOT.search(page)) is asks


def test_the_first_line_that_says_something_is_the_detail():
    assert _first_line("\n  \n  Message: no chrome \nStacktrace") == "Message: no chrome"
    assert _first_line("") == ""
    assert len(_first_line("x" * 500)) == 300
