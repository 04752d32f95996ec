import pytest

from ui.common.text import ago, count, duration, plain, rate, size


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rei", "Rei"),
        ("a_b*c", r"a\_b\*c"),
        (":red[no]", r"\:red\[no\]"),
        ("10:30 (x)", "10:30 (x)"),
        ("$5", r"\$5"),
    ],
)
def test_markdown_signs_are_shown_as_they_are(text, shown):
    assert plain(text) == shown


def test_numbers_agree_with_their_noun():
    assert [count(1, "face"), count(1200, "face"), count(2, "copy", "copies")] == ["1 face", "1,200 faces", "2 copies"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(8.4, "8 s"), (125, "2 min 5 s"), (900, "15 min"), (4200, "1 h 10 min"), (7200, "2 h"), (-1, "0 s")],
)
def test_durations(seconds, words):
    assert duration(seconds) == words


def test_sizes_and_rates():
    assert [size(12), size(3_400_000), size(12_000), size(2.5e9)] == ["12 bytes", "3.4 MB", "12 kB", "2.5 GB"]
    assert [rate(120), rate(3.7), rate(0.1)] == ["120/s", "3.7/s", "6.0/min"]


def test_times_ago():
    assert ago("") == ""
    assert ago("2000-01-01T00:00:00+00:00").endswith("days ago")
