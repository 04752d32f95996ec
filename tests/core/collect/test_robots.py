"""robots.txt after RFC 9309."""

from __future__ import annotations

import pytest

from core.collect.robots import Robots

TEXT = """\ufeff# a comment
User-agent: other
Disallow: /

User-agent: WhoAmI
User-agent: third
Disallow: /data/   # all of it
Allow: /data/open
Disallow: /*.php$
Crawl-delay: 2.5

User-agent: *
Disallow: /everyone
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/robots.txt", True),
        ("/data/x.jpg", False),
        ("/data/open/x.jpg", True),
        ("/dat%61/x.jpg", False),
        ("/index.php", False),
        ("/index.php?page=2", True),
        ("/everyone", True),  # our own group stands in for the group of all
    ],
)
def test_the_longest_rule_of_our_own_group_wins(path, allowed):
    assert Robots.parse(TEXT, "WhoAmI/0.1 (words)").allows(path) is allowed


def test_without_an_own_group_the_group_for_all_counts():
    robots = Robots.parse(TEXT, "Somebody/1.0")
    assert not robots.allows("/everyone/x")
    assert robots.allows("/data/x")


def test_the_pause_is_read():
    assert Robots.parse(TEXT, "WhoAmI/0.1").delay == 2.5


def test_of_equally_long_rules_allowing_wins_and_an_empty_rule_says_nothing():
    text = "User-agent: *\nDisallow: /a\nAllow: /a\nDisallow:\n"
    assert Robots.parse(text, "x").allows("/a")


def test_no_rules_allow_everything():
    assert Robots.parse("<html>not found</html>", "x").allows("/a")


@pytest.mark.parametrize("rules", ["Disallow: /a/b\nAllow: /a", "Allow: /a\nDisallow: /a/b"])
def test_the_longest_rule_wins_wherever_it_stands(rules):
    robots = Robots.parse(f"User-agent: *\n{rules}\n", "x")
    assert not robots.allows("/a/b/c")
    assert robots.allows("/a/c")


@pytest.mark.parametrize(
    ("rule", "path", "allowed"),
    [
        ("/a*b*c", "/axxbxxc", False),
        ("/a*b*c", "/axxcxxb", True),
        ("/a*b*c", "/abc/more", False),
        ("/a*b*b", "/a/b", True),  # each part needs a place of its own
        ("/a*b*b$", "/abab", False),
        ("/a*b*b$", "/ab", True),
        ("/a*b*b$", "/abba", True),
        ("/a$", "/a", False),
        ("/a$", "/ab", True),
        ("/a*", "/a", False),
    ],
)
def test_stars_stand_for_anything_in_between(rule, path, allowed):
    assert Robots.parse(f"User-agent: *\nDisallow: {rule}", "x").allows(path) is allowed
