"""A timeline as a file: JSON, a table or subtitles, chosen by the ending."""

from __future__ import annotations

import json

import pytest

from core.errors import DataError
from core.imaging.boxes import Box
from core.recognise.shipped_cast import Likeness
from core.recognise.timeline import Appearance, Timeline
from core.recognise.timeline_files import (
    COLUMNS,
    _stamp,
    check_out,
    subtitles,
    timeline_document,
    timeline_table,
    write_timeline,
)
from core.recognise.verdict import MATCH, UNKNOWN, Identification


def appearance(start, end, name="Rei", verdict=MATCH, similarity=0.8, looks=3):
    identification = Identification(verdict, name, similarity, (), (), "")
    return Appearance(start, end, identification, start, Box(0, 0, 9, 9), b"", looks)


def of(*appearances):
    return Timeline("a.mp4", 10.0, 2, 30, 0, tuple(appearances))


def test_subtitles_are_as_players_read_them():
    told = of(appearance(0, 1.5), appearance(61.25, 3661.5, None, UNKNOWN), appearance(2, 3, verdict="unsure"))
    assert subtitles(told).splitlines() == [
        "1", "00:00:00,000 --> 00:00:01,500", "Rei", "",
        "2", "00:01:01,250 --> 01:01:01,500", "unknown", "",
        "3", "00:00:02,000 --> 00:00:03,000", "Rei?",
    ]  # fmt: skip


def test_whom_of_the_shipped_cast_a_face_looks_like_is_said_in_every_file():
    words = "looks like A from Sea (shipped cast)"
    stranger = Identification(UNKNOWN, None, 0.2, (), (), "nobody", looks_like=Likeness("A", "Sea", 0.9))
    told = of(Appearance(0, 1, stranger, 0, Box(0, 0, 9, 9), b"", 3))
    assert subtitles(told).splitlines()[2] == words
    assert timeline_table(told).splitlines()[1].endswith(f"nobody; {words}")
    assert timeline_document(told)["appearances"][0]["looks_like"]["name"] == "A"


def test_the_ending_decides_what_is_written_and_a_name_is_no_formula(tmp_path):
    told = of(appearance(0, 1.5, "=1+1"))
    write_timeline(told, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text().splitlines()[1].startswith("0,1.5,match,'=1+1,0.8")
    write_timeline(told, tmp_path / "a.JSON")
    assert json.loads((tmp_path / "a.JSON").read_text()) == json.loads(json.dumps(timeline_document(told)))
    with pytest.raises(DataError, match=r"\.json, \.csv, \.srt"):
        check_out(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("seconds", "stamp"),
    [
        (0, "00:00:00,000"),
        (59.9994, "00:00:59,999"),
        (59.9996, "00:01:00,000"),
        (3599.9999, "01:00:00,000"),
        (36_610.5, "10:10:10,500"),
    ],
)
def test_times_are_rounded_once_and_carry_over(seconds, stamp):
    assert _stamp(seconds) == stamp


def test_the_document_has_the_figures_of_the_whole_and_each_appearance():
    document = timeline_document(of(appearance(0, 1.5)))
    assert {key: document[key] for key in ("video", "seconds", "shots", "looks", "damaged")} == {
        "video": "a.mp4",
        "seconds": 10.0,
        "shots": 2,
        "looks": 30,
        "damaged": 0,
    }
    assert set(COLUMNS) <= set(document["appearances"][0])


def test_a_table_has_a_line_for_each_appearance_under_its_head(tmp_path):
    path = write_timeline(of(appearance(0, 1), appearance(2, 3)), tmp_path / "a.csv")
    lines = path.read_text().splitlines()
    assert lines[0].split(",") == list(COLUMNS)
    assert len(lines) == 3
    assert timeline_table(of(appearance(0, 1), appearance(2, 3))).splitlines() == lines


def test_a_name_stays_on_its_line_in_subtitles():
    assert subtitles(of(appearance(0, 1, "Rei\n\n2"))).splitlines()[2] == "Rei 2"
    assert subtitles(of()) == ""
