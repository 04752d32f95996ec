"""One entry for all rows: what it prints and writes. The whole of --quick is a long test."""

from __future__ import annotations

import json

import pytest

from benchmarks.__main__ import ROWS, main


def test_a_row_is_printed_and_written_with_its_conditions(tmp_path, capsys):
    main(["--quick", "--only", "library.duplicates", "training.losses", "--out", str(tmp_path / "speed.json")])
    table = capsys.readouterr().out
    assert "| near-duplicates of 10,000 hashes |" in table
    assert "| all pairs in numpy |" in table
    document = json.loads((tmp_path / "speed.json").read_text())
    assert document["quick"] is True
    assert document["before"]["cores"] >= 1
    assert len(document["rows"]) == 3
    assert all(row["processor_ratio"] for row in document["rows"])


@pytest.mark.long
@pytest.mark.timeout(900)
def test_every_row_can_be_measured(tmp_path):
    main(["--quick", "--out", str(tmp_path / "speed.json")])
    assert len(json.loads((tmp_path / "speed.json").read_text())["rows"]) >= len(ROWS)
