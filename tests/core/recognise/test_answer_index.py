"""The rows of answers: filtered, sorted, counted, and in step with the file that they come from."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing

import pytest

from core.errors import DataError
from core.imaging.reading import encode_jpeg
from core.recognise import answer_index, batches
from core.recognise.answer_index import AnswerIndex, key_of
from core.recognise.answer_rows import Row, Wanted
from core.recognise.batches import new_batch, start_anew
from core.recognise.config import RecogniseConfig
from tests.conftest import noise
from tests.recognised import answered, recognised


def row(number: int, verdict: str, character: str = "", similarity: float | None = None, picture: str = "a.png") -> Row:
    return Row(str(number), f"k{number}", picture, 1, 1, verdict, character, similarity)


FOUR = (
    row(1, "unknown", "", 0.2, "b.png"),
    row(2, "match", "rei", 0.9, "C.png"),
    row(3, "unsure", "Asuka", 0.5, "a.png"),
    row(4, "no face", picture="d.png"),
)


@pytest.fixture
def four():
    with AnswerIndex.of_rows(FOUR) as index:
        yield index


def ids(rows):
    return "".join(row.id for row in rows)


def test_rows_come_back_as_they_were_put_in():
    whole = Row("k:2", "k", "a.png", 2, 3, "match", "Rei", 0.1 + 0.2, 0.9, "Eva", "near", (1.5, 2, 3, 4), "/home/a.png")
    with AnswerIndex.of_rows([whole]) as index:
        assert index.page() == [whole]


def test_counts_and_names_are_of_what_occurs(four):
    assert four.verdicts() == {"match": 1, "unsure": 1, "unknown": 1, "no face": 1}
    assert list(four.verdicts()) == ["match", "unsure", "unknown", "no face"]
    four.put({"k5": [row(5, "match", "rei")]})
    assert four.characters() == ["rei", "Asuka"]
    assert (four.pictures, four.count(), four.count(Wanted(("match",)))) == (5, 5, 2)


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted(), "1234"),
        (Wanted(("match", "unknown")), "12"),
        (Wanted(character="Asuka"), "3"),
        (Wanted(text=" c.P"), "2"),
        (Wanted(text="%"), ""),
        (Wanted(("match",), "Asuka"), ""),
    ],
)
def test_filters_are_joined_by_and(four, wanted, left):
    assert ids(four.page(wanted)) == left
    assert four.count(wanted) == len(left)
    assert [four.find(one, wanted) is not None for one in "1234"] == [one in left for one in "1234"]


@pytest.mark.parametrize(
    ("column", "up"),
    [("verdict", "2314"), ("character", "3214"), ("similarity", "1324"), ("picture", "3124"), ("", "1234")],
)
def test_a_column_sorts_and_what_has_nothing_in_it_comes_last(four, column, up):
    assert ids(four.page(by=column)) == up
    if column in ("character", "similarity"):
        named = [r for r in up if r not in ("14" if column == "character" else "4")]
        rest = [r for r in up if r not in named]
        assert ids(four.page(by=column, descending=True)) == "".join(named[::-1] + rest)


def test_a_page_is_read_from_a_row_on(four):
    assert [ids(four.page(by="similarity", first=at, size=3)) for at in (0, 3, 6)] == ["132", "4", ""]


def test_a_picture_that_is_answered_again_keeps_its_place(four):
    four.put({"k2": [Row("k2:1", "k2", "C.png", 1, 2, "unknown"), Row("k2:2", "k2", "C.png", 2, 2, "match", "Rei")]})
    assert [(r.picture, r.face) for r in four.page()] == [
        ("b.png", 1),
        ("C.png", 1),
        ("C.png", 2),
        ("a.png", 1),
        ("d.png", 1),
    ]


@pytest.fixture
def batch(workspace, tmp_path):
    (tmp_path / "heap").mkdir()
    (tmp_path / "heap" / "a.jpg").write_bytes(encode_jpeg(noise(1)))
    return new_batch(workspace, tmp_path / "heap", RecogniseConfig())


def line(batch, name: str, *faces) -> bytes:
    one = answered(batch.source / name, *faces).as_dict() | {"far": 0.01, "encoder": "run1 01234567"}
    return json.dumps(one).encode() + b"\n"


def told(batch):
    with AnswerIndex.of_batch(batch) as index:
        return [(r.picture, r.face, r.verdict) for r in index.page()], index.made_by


def test_the_index_follows_the_file_and_reads_only_what_is_new(batch, monkeypatch):
    assert told(batch) == ([], ("", ""))
    first = line(batch, "a.jpg", recognised("match", "Rei"), recognised("unknown", None))
    batch.answers.write_bytes(first)
    rows = [("a.jpg", 1, "match"), ("a.jpg", 2, "unknown")]
    assert told(batch) == (rows, ("0.01", "run1 01234567"))
    read = []
    monkeypatch.setattr(
        "core.recognise.answer_index.answers_from",
        lambda one, at, size: read.append(at) or batches.answers_from(one, at, size),
    )
    second = line(batch, "more/b.jpg")
    batch.answers.write_bytes(first + second + b'{"picture": "torn')
    assert told(batch)[0] == [*rows, ("more/b.jpg", 0, "no face")]
    assert read == [len(first), len(first) + len(second)]
    with AnswerIndex.of_batch(batch) as index:
        name = str(batch.source / "more/b.jpg")
        assert index.of_picture(key_of(name))[0].name == name
        assert index.unanswered([name, "/elsewhere/c.jpg"]) == 1


def test_a_file_of_several_parts_is_read_whole(batch, monkeypatch):
    monkeypatch.setattr("core.recognise.answer_index.PART", 1)
    batch.answers.write_bytes(b"".join(line(batch, f"{n}.jpg") for n in range(5)))
    assert [picture for picture, *_ in told(batch)[0]] == ["0.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"]


def test_a_file_that_was_begun_anew_is_read_from_its_beginning(batch):
    batch.answers.write_bytes(line(batch, "a.jpg") + line(batch, "b.jpg"))
    assert len(told(batch)[0]) == 2
    batch.answers.write_bytes(line(batch, "c.jpg"))
    assert told(batch)[0] == [("c.jpg", 0, "no face")]
    assert told(start_anew(batch, RecogniseConfig(0.05))) == ([], ("", ""))


def test_a_file_of_the_same_size_in_its_place_is_read_anew(batch):
    batch.answers.write_bytes(line(batch, "a.jpg"))
    assert told(batch)[0] == [("a.jpg", 0, "no face")]
    later = batch.answers.stat().st_mtime_ns + 1
    batch.answers.write_bytes(line(batch, "b.jpg"))  # the same inode, the same size
    os.utime(batch.answers, ns=(later, later))
    assert told(batch)[0] == [("b.jpg", 0, "no face")]


def test_an_index_that_is_damaged_or_of_another_version_is_made_anew(batch):
    batch.answers.write_bytes(line(batch, "a.jpg"))
    rows = told(batch)
    batch.index.write_bytes(b"no database at all, for longer than a page's header is" * 100)
    assert told(batch) == rows
    with closing(sqlite3.connect(batch.index)) as db:
        db.execute("PRAGMA user_version = 99")
    assert told(batch) == rows


def test_two_tabs_may_look_at_once(batch):
    batch.answers.write_bytes(line(batch, "a.jpg"))
    with AnswerIndex.of_batch(batch) as one, AnswerIndex.of_batch(batch) as other:
        one.put({"k": [row(1, "match", "Rei")]})
        assert one.page() == other.page()


@pytest.mark.parametrize(
    "wrong", [b"[1]", b"3", b'{"picture": 3}', b'{"picture": "a.png", "faces": [{"verdict": "?"}]}']
)
def test_a_line_that_is_no_answer_is_said_in_a_sentence(batch, wrong):
    batch.answers.write_bytes(line(batch, "0.png") + wrong + b"\n")
    with pytest.raises(DataError, match=r"is damaged .* Ask about"):
        AnswerIndex.of_batch(batch)


def test_an_index_that_is_damaged_further_inside_is_made_anew(batch):
    batch.answers.write_bytes(line(batch, "0.png"))
    told(batch)
    whole = batch.index.read_bytes()
    batch.index.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert told(batch) == told(batch)
    with pytest.raises(sqlite3.DatabaseError), AnswerIndex.of_batch(batch):
        raise sqlite3.DatabaseError("database disk image is malformed")  # met while a page is drawn
    assert not batch.index.exists()


def test_where_the_index_finds_no_room_it_is_kept_in_memory(batch, monkeypatch):
    batch.answers.write_bytes(line(batch, "0.png"))
    opened = answer_index._opened

    def full(path):
        if path is not None:
            raise sqlite3.OperationalError("database or disk is full")
        return opened(path)

    monkeypatch.setattr(answer_index, "_opened", full)
    with AnswerIndex.of_batch(batch) as index:
        assert index.pictures == 1
