import csv
import json

import numpy as np
import pytest

from core.imaging.boxes import Box
from core.recognise.pictures import RecognisedFace
from core.recognise.threshold import Scores, Threshold
from core.recognise.verdict import Candidate, Identification
from ui.recognise.answers import COLOURS, QueryResult, as_csv, as_json, verdict_words, with_boxes
from ui.recognise.threshold import costs


def asked(verdict: str = "match", character: str | None = "Rei", name: str = "a.png") -> QueryResult:
    answer = Identification(verdict, character, 0.8, (Candidate(character or "Rei", 0.8),), (), "0.80 reaches 0.60")
    face = RecognisedFace(Box(10, 20, 30, 30), np.zeros((8, 8, 3), np.uint8), np.zeros(4, np.float32), answer)
    return QueryResult(name, "key", np.zeros((50, 100, 3), np.uint8), 0.5, (face,))


@pytest.mark.parametrize(
    ("verdict", "character", "says"),
    [("match", "Rei", "**Rei**"), ("unsure", "Rei", "Perhaps **Rei**?"), ("unknown", None, "Nobody who is enrolled")],
)
def test_each_verdict_has_its_words(verdict, character, says):
    assert says in verdict_words(asked(verdict, character).answers[0].answer)


def test_a_name_with_markup_stays_text():
    words = verdict_words(asked(character="[x](http://evil) <b>").answers[0].answer)
    assert "[x](" not in words
    assert "\\<b" in words


def test_json_is_what_the_command_line_prints():
    (one,) = json.loads(as_json([asked()]))
    assert one["picture"] == "a.png"
    assert one["faces"][0]["box"] == [10, 20, 30, 30]
    assert (one["faces"][0]["verdict"], one["faces"][0]["character"]) == ("match", "Rei")


def test_csv_has_a_line_a_face_and_one_for_a_picture_without():
    empty = QueryResult("none.png", "k", np.zeros((4, 4, 3), np.uint8), 1.0, ())
    rows = list(csv.DictReader(as_csv([asked(), empty]).splitlines()))
    assert [(r["picture"], r["verdict"], r["character"]) for r in rows] == [
        ("a.png", "match", "Rei"),
        ("none.png", "", ""),
    ]
    assert rows[1]["why"] == "no face found"


def test_no_cell_is_a_formula():
    (row,) = csv.DictReader(as_csv([asked(character="=HYPERLINK(1)", name="+1.png")]).splitlines())
    assert (row["picture"], row["character"]) == ("'+1.png", "'=HYPERLINK(1)")


def test_the_box_is_drawn_where_the_face_is_on_the_smaller_picture():
    drawn = with_boxes(asked())
    assert drawn.shape == (50, 100, 3)
    assert drawn[10, 5].tolist() == list(COLOURS["match"])
    assert drawn[40, 80].tolist() == [0, 0, 0]


def test_costs_are_shares_of_the_enrolled_faces():
    scores = Scores(np.array([0.9, 0.8, 0.5, 0.1]), np.array([0.2]), np.array([]), np.array([]))
    assert costs(Threshold(0.6, 0.4, 0.0, 0.01, "", scores)) == (0.5, 0.25, 0.25)
    nobody = Scores(*(np.array([]),) * 4)
    assert all(np.isnan(costs(Threshold(0.6, 0.4, 0.0, 0.01, "", nobody))))
