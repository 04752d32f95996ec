import pytest

from tests.recognised import answered, recognised
from ui.recognise.rows import Row, chosen_rows, counts, names_in, rows_of_picture, sorted_rows


def row(number: int, verdict: str, character: str = "", similarity: float | None = None, picture: str = "a.png") -> Row:
    return Row(str(number), "k", picture, 1, 1, verdict, character, similarity)


@pytest.fixture
def four():
    return [
        row(1, "unknown", "", 0.2, "b.png"),
        row(2, "match", "rei", 0.9, "C.png"),
        row(3, "unsure", "Asuka", 0.5, "a.png"),
        row(4, "no face", picture="d.png"),
    ]


def ids(rows):
    return [row.id for row in rows]


def test_a_face_is_a_row_and_a_picture_without_one_too(tmp_path):
    two = answered(tmp_path / "a.png", recognised("match", "Rei"), recognised("unknown", None)).as_dict()
    rows = rows_of_picture("k", "a.png", two)
    assert [(r.id, r.face, r.faces, r.verdict, r.character, r.series) for r in rows] == [
        ("k:1", 1, 2, "match", "Rei", "Eva"),
        ("k:2", 2, 2, "unknown", "", ""),
    ]
    assert [r.verdict for r in rows_of_picture("k", "a.png", answered(tmp_path / "a.png").as_dict())] == ["no face"]
    (broken,) = rows_of_picture("k", "a.png", answered(tmp_path / "a.png", error="It is cut short.").as_dict())
    assert (broken.verdict, broken.reason) == ("not readable", "It is cut short.")


def test_counts_and_names_are_of_what_occurs(four):
    assert counts(four) == {"match": 1, "unsure": 1, "unknown": 1, "no face": 1}
    assert list(counts(four)) == ["match", "unsure", "unknown", "no face"]
    assert names_in([*four, row(5, "match", "rei")]) == ["rei", "Asuka"]


def test_filters_are_joined_by_and(four):
    assert ids(chosen_rows(four)) == ["1", "2", "3", "4"]
    assert ids(chosen_rows(four, verdicts={"match", "unknown"})) == ["1", "2"]
    assert ids(chosen_rows(four, name="Asuka")) == ["3"]
    assert ids(chosen_rows(four, text=" c.P")) == ["2"]
    assert ids(chosen_rows(four, verdicts={"match"}, name="Asuka")) == []


@pytest.mark.parametrize(
    ("column", "up"),
    [("verdict", "2314"), ("character", "3214"), ("similarity", "1324"), ("picture", "3124"), ("", "1234")],
)
def test_a_column_sorts_and_what_has_nothing_in_it_comes_last(four, column, up):
    assert "".join(ids(sorted_rows(four, column))) == up
    if column in ("character", "similarity"):
        named = [r for r in up if r not in ("14" if column == "character" else "4")]
        rest = [r for r in up if r not in named]
        assert "".join(ids(sorted_rows(four, column, descending=True))) == "".join(named[::-1] + rest)
