"""Politeness with a clock that a test moves."""

from __future__ import annotations

import time

import pytest

from core.collect.rate_limit import Clock, HostClosed, HostThrottle, RateLimit, seconds_asked


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), (" 7 ", 7), ("", 0), ("soon", 0), ("Thu, 01 Jan 1970 00:01:40 GMT", 90), ("-5", 0)],
)
def test_retry_after_is_a_number_or_a_date(text, seconds):
    assert seconds_asked(text, 10) == seconds


def test_turns_keep_the_pause_of_each_host(clock):
    throttle = HostThrottle(RateLimit(pause=2), clock)
    for host in ("a", "b", "a", "a"):
        with throttle.slot(host):
            pass
    assert clock.waited == [2, 2]


def test_a_crawl_delay_is_kept_up_to_our_limit(clock):
    throttle = HostThrottle(RateLimit(pause=1, longest_crawl_delay=5), clock)
    throttle.slower("a", 3)
    throttle.slower("b", 600)
    for host in ("a", "a", "b", "b"):
        with throttle.slot(host):
            pass
    assert clock.waited == [3, 5]


def test_success_forgets_failures(clock):
    throttle = HostThrottle(RateLimit(most_failures=2), clock)
    for _ in range(3):
        throttle.failed("a", 1)
        throttle.answered("a")
    throttle.failed("a", 1)
    with pytest.raises(HostClosed, match="a failed 2 times in a row"):
        throttle.failed("a", 1)
    with pytest.raises(HostClosed), throttle.slot("a"):
        pass
    with throttle.slot("b"):
        pass


def test_the_wait_doubles_with_each_attempt(clock):
    throttle = HostThrottle(RateLimit(back_off=3), clock, rng=lambda: 1.0)
    assert [throttle.failed("a", attempt) for attempt in (1, 2, 3, 4)] == [3, 6, 12, 24]


def test_jitter_takes_up_to_half_of_the_wait(clock):
    throttle = HostThrottle(RateLimit(back_off=4), clock, rng=lambda: 0.0)
    assert throttle.failed("a", 1) == 2


def test_a_host_may_ask_for_a_longer_wait_but_not_for_any(clock):
    throttle = HostThrottle(RateLimit(back_off=1, longest_wait=60), clock)
    assert throttle.failed("a", 1, "60") == 60
    with pytest.raises(HostClosed, match="61 s"):
        throttle.failed("a", 2, "61")


def test_the_real_time_passes_and_waiting_ends_when_it_is_stopped():
    clock = Clock()
    before = clock.now()
    clock.stop.set()
    clock.wait(3600)
    assert 0 <= clock.now() - before < 60
    assert abs(clock.wall() - time.time()) < 60


def test_why_a_host_is_left_alone_can_be_asked(clock):
    throttle = HostThrottle(RateLimit(most_failures=1), clock)
    assert throttle.closed("a") == ""
    with pytest.raises(HostClosed):
        throttle.failed("a", 1)
    assert throttle.closed("a").startswith("a failed 1 times in a row")
    assert throttle.closed("b") == ""
