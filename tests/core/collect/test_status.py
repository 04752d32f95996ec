"""Counting what a collection brings."""

from __future__ import annotations

import pytest

from core.collect.intake import DUPLICATE, FAILED, KEPT, REFUSED, Outcome
from core.collect.source import SearchHit
from core.collect.status import CharacterStatus, CollectReport, SourceStatus, Tally, kind_of


def outcome(what, reason="", **more):
    return Outcome(SearchHit("zip", "Rei", "a.jpg"), "Rei", what, reason, **more)


def test_a_source_begins_at_nothing_and_waits():
    one = SourceStatus("zip")
    assert (one.state, one.message) == ("waiting", "")
    assert [one.found, one.kept, one.duplicates, one.refused, one.failed] == [0] * 5
    assert Tally(["zip"]).sources() == (one,)


@pytest.mark.parametrize(("have", "wanted", "need"), [(3, 10, 7), (10, 10, 0), (12, 10, 0), (0, 0, 0)])
def test_need_is_what_is_missing(have, wanted, need):
    assert CharacterStatus("Rei", have, wanted).need == need


def test_outcomes_are_counted_by_source_and_by_reason():
    tally = Tally(["zip", "bing"])
    for _ in range(4):
        tally.found("zip")
    tally.count("zip", outcome(KEPT))
    tally.count("zip", outcome(REFUSED, "it is too small: 8 x 8 pixels"))
    tally.count("zip", outcome(REFUSED, "it is too small: 9 x 9 pixels"))
    tally.count("zip", outcome(FAILED, "time-out (10 s)"))
    tally.count("bing", outcome(DUPLICATE, "the same file as 1.jpg"))
    zipped, bing = tally.sources()
    assert [zipped.found, zipped.kept, zipped.duplicates, zipped.refused, zipped.failed] == [4, 1, 0, 2, 1]
    assert [bing.found, bing.kept, bing.duplicates] == [0, 0, 1]
    assert dict(tally.reasons) == {"it is too small": 2, "time-out": 1, "duplicate: the same file": 1}


def test_one_that_takes_another_s_place_is_a_duplicate_more_and_not_a_picture_more():
    tally = Tally(["zip"])
    tally.count("zip", outcome(KEPT, repeats=7))
    (zipped,) = tally.sources()
    assert (zipped.kept, zipped.duplicates) == (0, 1)
    assert dict(tally.reasons) == {"duplicate: larger than the one kept so far": 1}


def test_an_old_message_stays_until_there_is_a_new_one():
    tally = Tally(["bing"])
    tally.say("bing", "searching", "page 1")
    tally.say("bing", "done")
    assert (tally.sources()[0].state, tally.sources()[0].message) == ("done", "page 1")
    tally.say("bing", "failed", "no answer")
    assert tally.sources()[0].message == "no answer"


@pytest.mark.parametrize(
    ("what", "reason", "kind"),
    [
        (DUPLICATE, "the same file as 1.jpg", "duplicate: the same file"),
        (DUPLICATE, "hash distance 5 of 64 from 1.jpg", "duplicate: looks alike"),
        (REFUSED, "it is too small: 8 x 8", "it is too small"),
        (FAILED, "no answer (504)", "no answer"),
    ],
)
def test_reasons_without_their_particulars(what, reason, kind):
    assert kind_of(outcome(what, reason)) == kind


def test_the_report_sums_its_sources():
    sources = (SourceStatus("a", kept=3, duplicates=1, refused=2), SourceStatus("b", kept=1, failed=5))
    report = CollectReport((CharacterStatus("Rei", 4, 4),), sources, {"small": 2}, seconds=8.0)
    document = report.as_json()
    assert [document[key] for key in ("kept", "duplicates", "refused", "failed")] == [4, 1, 2, 5]
    assert (document["seconds"], document["pictures_per_second"]) == (8.0, 0.5)
    assert document["characters"] == [{"name": "Rei", "have": 4, "wanted": 4, "messages": (), "need": 0}]
    assert report.complete and not CollectReport((CharacterStatus("Rei", 3, 4),)).complete
    assert CollectReport().as_json()["pictures_per_second"] == 0.0
