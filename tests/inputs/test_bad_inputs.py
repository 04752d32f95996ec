"""Bad inputs at every entry point: the right result, or one sentence; never a traceback, never a silent mistake."""

from __future__ import annotations

import re
import time

import pytest

from core.errors import WhoAmIError
from tests.inputs import (
    bad_annotations,
    bad_commands,
    bad_files,
    bad_formats,
    bad_imports,
    bad_outputs,
    bad_pictures,
    bad_places,
)
from tests.inputs.case import Case, Exits, Says

TABLES = (bad_pictures, bad_imports, bad_annotations, bad_commands, bad_files, bad_formats, bad_places, bad_outputs)
CASES: list[Case] = [case for table in TABLES for case in table.CASES]


@pytest.fixture(autouse=True)
def own_folders(monkeypatch, tmp_path):
    """No test reads or writes the project's own data."""
    monkeypatch.setenv("WHOAMI_DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_bad_input_ends_as_it_must(case: Case, tmp_path):
    began = time.monotonic()
    if isinstance(case.wanted, Says):
        with pytest.raises(WhoAmIError, match=case.wanted.words) as refused:
            case.act(tmp_path)
        assert len(str(refused.value)) < 2000
    elif isinstance(case.wanted, Exits):
        code, said = case.act(tmp_path)
        assert code == case.wanted.code, said
        assert re.search(case.wanted.words, said), said
        assert "Traceback" not in said and "Internal error" not in said
    else:
        assert case.act(tmp_path) == case.wanted
    assert time.monotonic() - began < 60


def test_there_are_enough_of_them_and_no_name_stands_twice():
    assert len(CASES) >= 400
    assert len({case.name for case in CASES}) == len(CASES)
