"""One reader and one writer for lists and tables."""

from __future__ import annotations

import csv
import io

import pytest

from core.datasets.tables import guarded, read_table, separator_of, table_text, write_table
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


@pytest.mark.parametrize(
    ("lines", "separator"),
    [
        (["a;b", "c;d", "e,f,g,h"], ";"),  # in most lines
        (["a;b,c,d"], ","),  # most often
        (["a,b|c"], "|"),
        (["a"], ","),
        (["a\tb", "c"], "\t"),
        (["a;b\tc"], "\t"),  # alike: the first of | tab ; comma
    ],
)
def test_what_stands_in_most_lines_separates(lines, separator):
    assert separator_of(lines) == separator


def test_a_bullet_goes_only_where_every_line_has_one():
    names = [cells[0] for _, cells in read_table("- Rei\n- Asuka", columns=COLUMNS).rows]
    assert names == ["Rei", "Asuka"]
    names = [cells[0] for _, cells in read_table("1. Rei\nAsuka", columns=COLUMNS).rows]
    assert names == ["1. Rei", "Asuka"]


def test_a_column_named_twice_and_a_row_too_long_are_told():
    with pytest.raises(DataError, match="The column name stands twice"):
        read_table("name,character\nRei,Rei", columns=COLUMNS)
    with pytest.raises(DataError, match="Line 2 of the list has 3 cells, but 2 columns are named"):
        read_table("name,series\nRei,Eva,more", columns=COLUMNS)
    assert read_table("name,series\nRei,Eva,", columns=COLUMNS).rows == ((2, ("Rei", "Eva", "")),)


def test_under_a_lone_header_commas_belong_to_the_names():
    assert read_table("name\nAyanami, Rei", columns=COLUMNS).rows == ((2, ("Ayanami, Rei",)),)


@pytest.mark.parametrize("first", ["sep=", "sep=;;", "sep"])
def test_only_a_sep_of_one_letter_says_what_separates(first):
    assert read_table(f"{first}\nRei", columns=COLUMNS).rows[0][0] == 1


def test_a_row_over_several_lines_is_counted_by_its_first():
    table = read_table('name,series\n"Rei\nAyanami",Eva\nAsuka,Eva', columns=COLUMNS)
    assert table.rows == ((2, ("Rei Ayanami", "Eva")), (4, ("Asuka", "Eva")))


@pytest.mark.parametrize("text", [" -1", "-1 ", "-１", "-x"])
def test_what_only_looks_like_a_number_is_guarded(text):
    assert guarded(text) == (text if text.startswith(" ") else "'" + text)


def test_a_cell_without_end_is_told_with_its_line():
    with pytest.raises(DataError, match=r"Line 2 of the list cannot be read: field larger than field limit"):
        read_table("name,series\nRei," + "x" * 200_000, columns=COLUMNS)
