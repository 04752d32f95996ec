"""The stand-in server and a downloader that may ask it."""

from __future__ import annotations

import pytest

from core.collect.download import Downloader, Limits
from core.collect.rate_limit import Clock, RateLimit
from tests.stand_in.server import StandIn


class FakeClock(Clock):
    """A clock on which waiting passes the time at once; `waited` says how long each wait was."""

    def __init__(self):
        super().__init__()
        self.time, self.waited = 1000.0, []

    def now(self):
        return self.time

    def wall(self):
        return 1_800_000_000.0

    def wait(self, seconds):
        self.waited.append(seconds)
        self.time += seconds


@pytest.fixture
def server():
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def make_downloader(clock):
    """A downloader that may ask 127.0.0.1; any name leads there."""
    made = []

    def make(**values):
        values = {
            "limits": Limits(bytes=200_000, connect=2, silence=2),
            "rate_limit": RateLimit(pause=0.5),
            "clock": clock,
            "private": True,
            "resolver": lambda host, port: ["127.0.0.1"],
        } | values
        made.append(Downloader(**values))
        return made[-1]

    yield make
    for downloader in made:
        downloader.close()


@pytest.fixture
def downloader(make_downloader):
    return make_downloader()
