"""A file in another's place is noticed, whatever its size; one that grows is gone on with."""

from __future__ import annotations

import os

import pytest

from core.recognise.answer_source import END, Source, ends_of, source_of


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_bytes(b"12345\n")
    return path


def changed(path, data: bytes) -> None:
    """Write the same file anew, a second later."""
    later = path.stat().st_mtime_ns + 10**9
    with path.open("r+b") as file:
        file.write(data)
        file.truncate()
    os.utime(path, ns=(later, later))


def test_a_file_that_nothing_happened_to_is_known(file):
    source = source_of(file, 6, "0.01", "run1")
    assert source.is_all_of(file)
    assert (source.far, source.encoder, source.read) == ("0.01", "run1", 6)


def test_a_file_that_was_read_in_part_is_gone_on_with(file):
    source = source_of(file, 3)
    assert not source.is_all_of(file)
    assert source.begins(file)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (b"12345\n6\n", True),  # grown
        (b"12845\n6\n", False),  # another one that is longer
        (b"12945\n", False),  # ... as long
        (b"12345\n", False),  # as long, and it was touched: its middle is not looked at
        (b"1\n", False),  # shorter
    ],
)
def test_what_was_read_is_the_beginning_only_of_a_file_that_has_grown(file, now, begins):
    source = source_of(file, 6)
    changed(file, now)
    assert not source.is_all_of(file)
    assert source.begins(file) is begins


def test_a_file_that_was_put_in_its_place_is_another_one(file):
    source = source_of(file, 6)
    other = file.with_name("other")
    other.write_bytes(b"12345\n6\n")
    other.replace(file)
    assert not source.begins(file)


def test_a_file_that_is_not_there_is_one_without_answers(tmp_path):
    gone = tmp_path / "gone"
    assert source_of(gone, 0) == Source()
    assert Source().is_all_of(gone)
    assert not Source(1, 1, 1, "x").is_all_of(gone)
    assert not Source(1, 1, 1, "x").begins(gone)


def test_the_ends_are_those_of_what_was_read(tmp_path):
    path = tmp_path / "long"
    path.write_bytes(bytes(3 * END))
    before = ends_of(path, 2 * END + 5)
    assert ends_of(path, 0) == ""
    for at, seen in (
        (0, True),
        (END - 1, True),
        (END, False),
        (END + 5, True),
        (2 * END + 4, True),
        (2 * END + 5, False),
    ):
        data = bytearray(3 * END)
        data[at] = 1
        path.write_bytes(data)
        assert (ends_of(path, 2 * END + 5) != before) is seen, at
