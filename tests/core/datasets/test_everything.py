"""The table of everything, read back by csv and by pyarrow."""

from __future__ import annotations

import csv
from dataclasses import replace

from core.datasets.everything import COLUMNS, write_csv, write_parquet
from core.datasets.records import DataSet


def test_a_row_for_each_face_and_each_picture_without_one(data, tmp_path):
    path = write_csv(tmp_path / "all.csv", data)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["picture_id"], row["face_id"]) for row in rows] == [
        ("1", "11"),
        ("1", "14"),
        ("2", "12"),
        ("3", "13"),
        ("4", ""),
        ("5", ""),
    ]
    assert (rows[0]["author"], rows[0]["licence"], rows[0]["part"]) == ("'=cmd()", "CC BY 4.0", "train")
    assert rows[0]["x"] == "40.0" and rows[4]["x"] == ""


def test_parquet_keeps_numbers_and_what_is_not_known(data, tmp_path):
    import pyarrow.parquet as pq

    table = pq.read_table(write_parquet(tmp_path / "all.parquet", data))
    assert table.column_names == list(COLUMNS)
    assert table["face_id"].to_pylist() == [11, 14, 12, 13, None, None]
    assert table["x"].to_pylist()[3] == 100.5
    assert table["author"].to_pylist()[0] == "=cmd()"
    assert str(table.schema.field("score").type) == "double"


def test_what_was_rejected_is_in_the_table_with_its_state(data, tmp_path):
    first = data.pictures[0]
    rejected = replace(first, state="rejected", reason="blurred", faces=(replace(first.faces[0], state="rejected"),))
    with write_csv(tmp_path / "all.csv", DataSet("test", (rejected,))).open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["face_state"], row["picture_state"], row["picture_reason"]) == ("rejected", "rejected", "blurred")


def test_an_empty_table_has_its_columns(tmp_path):
    import pyarrow.parquet as pq

    assert pq.read_table(write_parquet(tmp_path / "all.parquet", DataSet("test", ()))).num_rows == 0
