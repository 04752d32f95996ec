"""One reader and one writer for lists and tables."""

from __future__ import annotations

import csv
import io

import pytest

from core.datasets.tables import guarded, read_table, table_text, write_table
from core.errors import DataError

COLUMNS = {"name": "name", "character": "name", "series": "series", "query": "query"}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932"])
def test_any_separator_and_encoding(separator, encoding):
    text = f"Name{separator} Series\r\n綾波レイ {separator}エヴァ\r\nアスカ{separator}\r\n"
    table = read_table(text.encode(encoding), columns=COLUMNS)
    assert table.header == ("name", "series")
    assert table.rows == ((2, ("綾波レイ", "エヴァ")), (3, ("アスカ", "")))


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        ("Rei\nAsuka", (), ["Rei", "Asuka"]),
        ("character\nRei", ("name",), ["Rei"]),
        ("CHARACTER;Age\nRei;14", ("name", "age"), ["Rei"]),
        ("series,character\nEva,Rei", ("series", "name"), ["Eva"]),
        ("sep=;\nname;series\nRei;Eva", ("name", "series"), ["Rei"]),
        ('name,series\n"Ayanami, Rei",Eva', ("name", "series"), ["Ayanami, Rei"]),
        ('"Ayanami, Rei",Eva\nAsuka,Eva', (), ["Ayanami, Rei", "Asuka"]),
        ('Rei "Blue', (), ['Rei "Blue']),
        ("# note\n\nRei\n  \n# more\nAsuka", (), ["Rei", "Asuka"]),
        ("Rei | Eva | q | a; b, c", (), ["Rei"]),
        ("Rei,Eva,q,a; b", (), ["Rei"]),
        ("", (), []),
        ("\ufeff", (), []),
        ("\0\0", (), []),
    ],
)
def test_forms_of_lists(text, header, rows):
    table = read_table(text, columns=COLUMNS)
    assert table.header == header
    assert [cells[0] for _, cells in table.rows] == rows


def test_lines_are_counted_as_they_stand_in_the_file():
    table = read_table("# note\n\nname,series\nRei,Eva\n\nAsuka,Eva\n", columns=COLUMNS)
    assert [line for line, _ in table.rows] == [4, 6]


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=HYPERLINK(1)"])
def test_no_cell_becomes_a_formula(text):
    (row,) = list(csv.reader(io.StringIO(table_text(["a"], [[text]]))))[1:2]
    assert row[0].startswith("'")
    assert table_text([text], []).startswith(("'", "\"'"))


@pytest.mark.parametrize("value", ["-0.5", "+3", -1, 2.5, None, "Rei", "", "a=b", "綾波"])
def test_numbers_and_names_stay_as_they_are(value):
    assert guarded(value) == value


def test_a_table_is_written_into_a_new_folder_and_nowhere_else(tmp_path):
    path = write_table(tmp_path / "new" / "a.csv", ["name"], [["=x"], ["綾波"]])
    assert path.read_text(encoding="utf-8") == "name\n'=x\n綾波\n"
    with pytest.raises(DataError, match="that is a folder"):
        write_table(tmp_path, ["name"], [])
    with pytest.raises(DataError, match="cannot be written"):
        write_table(path / "b.csv", ["name"], [])
