"""Answers as they come: wherever the file was torn, resuming ends with the whole one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from core.errors import DataError
from core.recognise.answer_table import COLUMNS, CSV, JSON_LINES, AnswerTable, MadeBy, rows_of
from tests.recognised import answered, recognised

MATCH, UNKNOWN = recognised("match", 'Rei, the "first"'), recognised("unknown", None)
ONES = [
    answered(Path("=1+1.jpg"), MATCH, UNKNOWN, MATCH).as_dict(),
    answered(Path("空.jpg"), UNKNOWN).as_dict(),
    answered(Path("nothing.jpg")).as_dict(),
    answered(Path("torn.jpg"), error="torn.jpg is damaged").as_dict(),
]


def written(path, kind, ones, resume=False):
    with AnswerTable(path, kind, resume=resume) as table:
        for one in ones:
            table.add(one)
    return path.read_bytes()


@pytest.mark.parametrize("kind", [CSV, JSON_LINES])
def test_wherever_a_file_was_torn_resuming_completes_it_with_no_row_twice(tmp_path, kind):
    whole = written(tmp_path / "whole", kind, ONES)
    torn = tmp_path / "torn"
    for length in range(len(whole) + 1):
        torn.write_bytes(whole[:length])
        assert written(torn, kind, ONES, resume=True) == whole, f"torn after {length} bytes"


def test_a_row_a_face_and_a_formula_is_guarded(tmp_path):
    written(tmp_path / "a.csv", CSV, ONES)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert [(r["picture"], r["verdict"], r["face"], r["faces"]) for r in rows] == [
        ("'=1+1.jpg", "match", "1", "3"),
        ("'=1+1.jpg", "unknown", "2", "3"),
        ("'=1+1.jpg", "match", "3", "3"),
        ("空.jpg", "unknown", "1", "1"),
        ("nothing.jpg", "", "0", "0"),
        ("torn.jpg", "", "0", "0"),
    ]
    assert (rows[0]["character"], rows[0]["series"], rows[0]["similarity"]) == ('Rei, the "first"', "Eva", "0.75")
    assert [r["why"] for r in rows[-2:]] == ["no face found", "torn.jpg is damaged"]
    assert [float(rows[0][k]) for k in "xywh"] == [10, 20, 30, 40]


def test_json_lines_hold_what_json_holds(tmp_path):
    data = written(tmp_path / "a.jsonl", JSON_LINES, ONES)
    assert [json.loads(line) for line in data.splitlines()] == ONES


def test_a_picture_that_is_there_is_not_written_again(tmp_path):
    before = written(tmp_path / "a", CSV, ONES)
    assert written(tmp_path / "a", CSV, ONES * 2, resume=True) == before
    assert written(tmp_path / "a", CSV, ONES[:1]) != before, "without resume the file is replaced"


@pytest.mark.parametrize("kind", [CSV, JSON_LINES])
def test_a_file_of_something_else_is_left_alone(tmp_path, kind):
    other = tmp_path / "other"
    other.write_text("name;series\nRei;Eva\n")
    with pytest.raises(DataError, match="Name another file"):
        AnswerTable(other, kind, resume=True)
    assert other.read_text() == "name;series\nRei;Eva\n"


def test_rows_are_on_the_disk_before_the_next_picture(tmp_path):
    table = AnswerTable(tmp_path / "a", CSV)
    table.add(ONES[1])
    assert (tmp_path / "a").read_bytes().count(b"\n") == 1 + len(rows_of(ONES[1]))
    table.close()


@pytest.mark.parametrize("kind", [CSV, JSON_LINES])
@pytest.mark.parametrize("other", [MadeBy(0.05, "run1 12345678"), MadeBy(0.01, "=run2 12345678")])
def test_a_file_begun_at_another_rate_or_by_another_encoder_is_not_gone_on_with(tmp_path, kind, other):
    path, one = tmp_path / "a", MadeBy(0.01, "run1 12345678")
    with AnswerTable(path, kind, made_by=one) as table:
        table.add(ONES[0])
    before = path.read_bytes()
    with pytest.raises(DataError, match=r"begun at a false-accept rate of 0.01 by the encoder run1 12345678; now"):
        AnswerTable(path, kind, resume=True, made_by=other)
    assert path.read_bytes() == before
    with AnswerTable(path, kind, resume=True, made_by=one) as table:
        table.add(ONES[1])
    assert path.read_bytes().startswith(before)
    AnswerTable(path, kind, made_by=other).close()  # not resumed: begun anew


def test_rows_say_the_rate_and_the_encoder(tmp_path):
    for kind in (CSV, JSON_LINES):
        with AnswerTable(tmp_path / kind, kind, made_by=MadeBy(0.01, "run1 12345678")) as table:
            table.add(ONES[1])
    (row,) = csv.DictReader((tmp_path / CSV).read_text(encoding="utf-8").splitlines())
    assert (row["far"], row["encoder"], row["faces"]) == ("0.01", "run1 12345678", "1")
    assert json.loads((tmp_path / JSON_LINES).read_text(encoding="utf-8"))["far"] == 0.01


def test_an_encoder_is_named_with_the_beginning_of_its_digest():
    assert MadeBy.of(0.01, "run1", "0123456789abcdef") == MadeBy(0.01, "run1 01234567")


@pytest.mark.parametrize("kind", [CSV, JSON_LINES])
def test_resuming_begins_a_file_that_is_not_there_in_a_folder_that_is_not_there(tmp_path, kind):
    assert written(tmp_path / "new" / "er" / "a", kind, ONES, resume=True) == written(tmp_path / "a", kind, ONES)


@pytest.mark.parametrize("kind", [CSV, JSON_LINES])
def test_a_name_that_begins_like_a_guard_is_found_again(tmp_path, kind):
    one = answered(Path("'tis.jpg"), UNKNOWN).as_dict()
    assert written(tmp_path / "a", kind, [one]) == written(tmp_path / "a", kind, [one], resume=True)


@pytest.mark.parametrize("kind", [CSV, JSON_LINES])
@pytest.mark.parametrize("made_by", [(None, MadeBy(0.01, "run1")), (MadeBy(0.01, "run1"), None)])
def test_rows_that_do_not_say_how_they_were_answered_are_gone_on_with(tmp_path, kind, made_by):
    for one, how in zip(ONES, made_by, strict=False):
        with AnswerTable(tmp_path / "a", kind, resume=True, made_by=how) as table:
            table.add(one)
            table.close()
    with AnswerTable(tmp_path / "a", kind, resume=True) as table:
        assert table.done == {"=1+1.jpg", "空.jpg"}


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    with pytest.raises(DataError, match=r"cannot be written: .*Name another place"):
        AnswerTable(tmp_path, CSV)


@pytest.mark.parametrize("resume", [False, True])
def test_a_file_that_another_run_writes_is_refused_and_left_as_it_is(tmp_path, resume):
    with AnswerTable(tmp_path / "a", JSON_LINES) as table:
        table.add(ONES[0])
        before = (tmp_path / "a").read_bytes()
        with pytest.raises(DataError, match=r"a is being written by another run\. Wait until it has ended, or name"):
            AnswerTable(tmp_path / "a", JSON_LINES, resume=resume, made_by=MadeBy(0.05, "run1"))
        assert (tmp_path / "a").read_bytes() == before
        table.add(ONES[1])
    assert written(tmp_path / "a", JSON_LINES, ONES, resume=True).startswith(before), "and free once it has ended"


def test_a_full_disk_is_told(tmp_path):
    class Full:
        closed = True

        def write(self, data):
            raise OSError(28, "No space left on device")

    with AnswerTable(tmp_path / "a", CSV) as table:
        opened, table._file = table._file, Full()
        opened.close()
        with pytest.raises(DataError, match=r"a cannot be written: No space left on device\. Free the disk"):
            table.add(ONES[0])
