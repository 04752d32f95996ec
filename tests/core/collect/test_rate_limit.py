"""Politeness with a clock that a test moves."""

from __future__ import annotations

import pytest

from core.collect.rate_limit import HostClosed, Manners, Polite, seconds_asked


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), (" 7 ", 7), ("", 0), ("soon", 0), ("Thu, 01 Jan 1970 00:01:40 GMT", 90), ("-5", 0)],
)
def test_retry_after_is_a_number_or_a_date(text, seconds):
    assert seconds_asked(text, 10) == seconds


def test_turns_keep_the_pause_of_each_host(clock):
    polite = Polite(Manners(pause=2), clock)
    for host in ("a", "b", "a", "a"):
        with polite.turn(host):
            pass
    assert clock.waited == [2, 2]


def test_a_crawl_delay_is_kept_up_to_our_limit(clock):
    polite = Polite(Manners(pause=1, longest_crawl_delay=5), clock)
    polite.slower("a", 3)
    polite.slower("b", 600)
    for host in ("a", "a", "b", "b"):
        with polite.turn(host):
            pass
    assert clock.waited == [3, 5]


def test_success_forgets_failures(clock):
    polite = Polite(Manners(most_failures=2), clock)
    for _ in range(3):
        polite.failed("a", 1)
        polite.answered("a")
    polite.failed("a", 1)
    with pytest.raises(HostClosed, match="a failed 2 times in a row"):
        polite.failed("a", 1)
    with pytest.raises(HostClosed), polite.turn("a"):
        pass
    with polite.turn("b"):
        pass
