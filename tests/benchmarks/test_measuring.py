"""How the benchmarks count."""

import pytest

from benchmarks.measuring import Bar, Figure, Growth, Row, Turns, in_turns, markdown

ROW = Row(
    "embed",
    10,
    "faces",
    Turns(
        {"ours": [1.0, 3.0, 2.0], "bare": [1.0, 1.0, 9.0], "slow": [10.0]},
        {"ours": [1.0], "bare": [2.0], "slow": [10.0]},
    ),
    (Bar("bare", 1.3), Bar("slow", 1 / 20)),
    {"slow": 2},
    {"other": "not installed"},
)


def test_medians_for_one_unit_of_the_work():
    assert ROW.each("ours") == pytest.approx(0.2)
    assert ROW.each("slow") == pytest.approx(5.0)
    assert ROW.ratio("bare") == pytest.approx(2.0)
    assert ROW.ratio("slow") == pytest.approx(0.04)


def test_a_bar_is_met_or_not():
    assert [bar["met"] for bar in ROW.as_dict()["bars"]] == [False, True]


def test_the_table_tells_ratios_bars_and_what_was_left_out():
    table = markdown([ROW])
    assert "| embed | 5.0 faces/s | bare | 2.00 x | 0.50 x | at most 1.3 x bare | NO |" in table
    assert "| embed | 5.0 faces/s | slow | 0.04 x | 0.02 x | 20 x slow | yes |" in table
    assert "| embed | 5.0 faces/s | other | left out: not installed | | | |" in table


def test_candidates_take_turns():
    called = []
    candidates = {name: lambda name=name: called.append(name) for name in ("a", "b")}
    turns = in_turns(candidates, runs=2, warm=1)
    assert called == ["a", "b", "a", "b", "a", "b"]
    assert {name: len(values) for name, values in turns.clock.items()} == {"a": 2, "b": 2}
    assert {name: len(values) for name, values in turns.processor.items()} == {"a": 2, "b": 2}


def test_a_bar_may_allow_seconds_more():
    turns = Turns({"ours": [1.5], "python": [1.0]}, {"ours": [1.5], "python": [1.0]})
    row = Row("status", 1, "calls", turns, (Bar("python", 1.0, 0.6), Bar("python", 1.0, 0.4)))
    assert [row.met(bar) for bar in row.bars] == [True, False]
    assert row.bars[0].words() == "at most 0.6 s more than python"


def test_a_figure_has_its_bar_or_the_reason_why_there_is_none():
    assert Figure("keys", 120, "ms", 150).lines() == ["| keys | 120 ms | | | | at most 150 ms | yes |"]
    assert Figure("keys", 160, "ms", 150).lines()[0].endswith("| NO |")
    assert Figure("keys", left_out="no Chromium").lines() == ["| keys | left out: no Chromium | | | | | |"]
    assert Figure("keys", left_out="no Chromium").as_dict()["value"] is None


def test_time_that_grows_with_the_square_has_exponent_two():
    growth = Growth("pairs", (10, 100), (0.5, 50.0))
    assert growth.exponent == pytest.approx(2.0)
    assert growth.lines()[0].endswith("exponent 2.00 | at most 1.1 | NO |")
    assert Growth("rows", (10, 100), (0.5, 5.0)).lines()[0].endswith("| yes |")
