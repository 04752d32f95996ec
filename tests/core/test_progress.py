"""How far work has come, in numbers a person can check."""

from __future__ import annotations

import pytest

from core import progress
from core.progress import Progress, track


@pytest.mark.parametrize(
    ("n", "total", "seconds", "fraction", "rate", "eta"),
    [
        (20, 100, 4.0, 0.2, 5.0, 16.0),
        (0, 100, 4.0, 0.0, 0.0, None),
        (20, None, 4.0, 0.0, 5.0, None),
        (20, 0, 4.0, 0.0, 5.0, None),
        (20, 100, 0.0, 0.2, 0.0, None),
        (120, 100, 4.0, 1.0, 30.0, 0.0),
    ],
)
def test_fraction_rate_and_remaining_time(n, total, seconds, fraction, rate, eta):
    now = Progress("embed", n, total, seconds)
    assert (now.fraction, now.rate, now.eta) == (fraction, rate, eta)


def test_a_report_of_nothing_says_nothing_of_time():
    assert (Progress("embed", 1).seconds, Progress("embed", 1).note, Progress("embed", 1).data) == (0.0, "", {})


def test_track_reports_the_start_and_each_item_with_the_time_since_the_start(monkeypatch):
    clock = iter([10.0, 11.0, 13.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    seen = []
    assert list(track(["a", "b"], seen.append, "embed")) == ["a", "b"]
    assert seen == [Progress("embed", 0, 2), Progress("embed", 1, 2, 1.0), Progress("embed", 2, 2, 3.0)]


def test_the_total_of_a_stream_is_unknown_unless_it_is_given():
    seen = []
    list(track(iter("ab"), seen.append, "embed"))
    list(track(iter("ab"), seen.append, "embed", total=5))
    assert [p.total for p in seen] == [None] * 3 + [5] * 3
