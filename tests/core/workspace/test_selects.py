"""Conditions in SQL for values, for none, and for one of many."""

import pytest

from core.workspace import tables as t
from core.workspace.selects import conditions, filtered


def sql(statement):
    return str(statement.compile(compile_kwargs={"literal_binds": True})).split("WHERE ")[-1].replace("\n", " ")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("kept", "faces.state = 'kept'"),
        (None, "faces.state IS NULL"),
        (("kept", "proposed"), "faces.state IN ('kept', 'proposed')"),
        (["kept"], "faces.state IN ('kept')"),
    ],
)
def test_a_value_none_and_one_of_several(value, expected):
    (condition,) = conditions(t.faces, {"state": value})
    assert sql(condition) == expected


def test_rows_come_by_id_and_ids_are_one_more_condition():
    assert sql(filtered(t.faces, [3, 4], {"score": 1})) == "faces.id IN (3, 4) AND faces.score = 1 ORDER BY faces.id"
    assert sql(filtered(t.faces, None, {"score": 1})) == "faces.score = 1 ORDER BY faces.id"
