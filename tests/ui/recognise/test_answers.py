import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from core.imaging.boxes import Box
from core.recognise.annotating import COLOURS
from core.recognise.answer_table import CSV, AnswerTable, MadeBy
from core.recognise.pictures import RecognisedFace
from core.recognise.threshold import Scores, Threshold
from core.recognise.verdict import Candidate, Identification
from ui.recognise.answers import (
    PICTURE,
    as_csv,
    as_json,
    probability_words,
    thresholds_of,
    verdict_words,
    with_boxes,
)
from ui.recognise.asked import AskedPicture
from ui.recognise.threshold import costs

MADE_BY = MadeBy.of(0.01, "run1", "0123456789abcdef")


def asked(verdict: str = "match", character: str | None = "Rei", name: str = "a.png", **values) -> AskedPicture:
    answer = Identification(
        verdict,
        character,
        0.8,
        (Candidate(character or "Rei", 0.8),),
        (),
        "similarity 0.80, a match needs 0.60",
        **values,
    )
    face = RecognisedFace(Box(10, 20, 30, 30), np.zeros((8, 8, 3), np.uint8), np.zeros(4, np.float32), answer)
    return AskedPicture("key", name, b"", (face,), np.zeros((50, 100, 3), np.uint8), 0.5)


@pytest.mark.parametrize(
    ("verdict", "character", "says"),
    [("match", "Rei", "**Rei**"), ("unsure", "Rei", "Perhaps **Rei**?"), ("unknown", None, "Nobody who is enrolled")],
)
def test_each_verdict_has_its_words(verdict, character, says):
    assert says in verdict_words(asked(verdict, character).faces[0].answer)


def test_a_name_with_markup_stays_text():
    words = verdict_words(asked(character="[x](http://evil) <b>").faces[0].answer)
    assert "[x](" not in words
    assert "\\<b" in words


def test_json_is_what_the_command_line_prints():
    (one,) = json.loads(as_json([asked()]))
    assert one["picture"] == "a.png"
    assert one["faces"][0]["box"] == [10, 20, 30, 30]
    assert (one["faces"][0]["verdict"], one["faces"][0]["character"]) == ("match", "Rei")


def test_csv_has_a_line_a_face_and_one_for_a_picture_without():
    empty = AskedPicture("k", "none.png", b"", (), np.zeros((4, 4, 3), np.uint8))
    rows = list(csv.DictReader(as_csv([asked(), empty], MADE_BY).decode().splitlines()))
    assert [(r["picture"], r["verdict"], r["character"]) for r in rows] == [
        ("a.png", "match", "Rei"),
        ("none.png", "", ""),
    ]
    assert rows[1]["why"] == "no face found"
    assert {(r["far"], r["encoder"]) for r in rows} == {("0.01", "run1 01234567")}


def test_csv_of_the_page_and_of_the_command_line_are_the_same_bytes(tmp_path):
    pictures = [asked(), asked("unsure", "Asuka", "two\nlines.png", probability=0.5), asked("unknown", None, "=x.png")]
    with AnswerTable(tmp_path / "a.csv", CSV, made_by=MADE_BY) as table:
        for one in pictures:
            table.add(one.answered().as_dict())
    assert (tmp_path / "a.csv").read_bytes() == as_csv(pictures, MADE_BY)


def test_no_cell_is_a_formula():
    (row,) = csv.DictReader(as_csv([asked(character="=HYPERLINK(1)", name="+1.png")], MADE_BY).decode().splitlines())
    assert (row["picture"], row["character"]) == ("'+1.png", "'=HYPERLINK(1)")


def test_the_box_is_drawn_where_the_face_is_on_the_smaller_picture():
    drawn = with_boxes(replace(asked(), small=np.zeros((400, 800, 3), np.uint8), scale=4.0))
    assert drawn.shape == (400, 800, 3)
    assert drawn[150, 40].tolist() == list(COLOURS["match"])
    assert drawn[320, 640].tolist() == [0, 0, 0]


def test_an_icon_is_enlarged_before_names_are_written_on_it():
    """A name takes 20 px of the 180 that are shown, not 20 of the icon's 50."""
    drawn = with_boxes(asked())
    assert drawn.shape == (180, PICTURE, 3)
    assert drawn[70, 18].tolist() == list(COLOURS["match"])
    assert (drawn == 255).any(axis=(1, 2)).sum() < 90
    assert drawn[144, 288].tolist() == [0, 0, 0]


def threshold() -> Threshold:
    return Threshold(0.9, 0.7, 0.02, 0.01, "", Scores(*(np.array([]),) * 4))


@pytest.mark.parametrize(
    ("verdict", "probability", "says", "not_says"),
    [
        ("match", 0.974, "right about 97 times in 100", "no match"),
        ("unsure", 0.97, "It is no match, because at most 1% of strangers", "name is right"),
        ("match", 1.0, "99 times", "100 times"),
        ("unknown", 0.3, "", "times"),
        ("match", None, "", "times"),
    ],
)
def test_a_probability_says_what_it_counts_and_why_a_guess_is_no_match(verdict, probability, says, not_says):
    face = asked(verdict, "Rei" if verdict != "unknown" else None, probability=probability).faces[0]
    words = probability_words(face.answer, threshold())
    assert says in words
    assert not_says not in words


def test_costs_are_shares_of_the_enrolled_faces():
    scores = Scores(np.array([0.9, 0.8, 0.5, 0.1]), np.array([0.2]), np.array([]), np.array([]))
    assert costs(Threshold(0.6, 0.4, 0.0, 0.01, "", scores)) == (0.5, 0.25, 0.25)
    nobody = Scores(*(np.array([]),) * 4)
    assert all(np.isnan(costs(Threshold(0.6, 0.4, 0.0, 0.01, "", nobody))))


@pytest.mark.parametrize(("needed", "guess", "shown"), [(None, None, (0.6, 0.5)), (0.65, 0.52, (0.65, 0.52))])
def test_the_bars_stand_beside_the_thresholds_of_this_face(needed, guess, shown):
    """Of a face without colours both are others: no constant lies between."""
    rule = Threshold(0.6, 0.5, 0.1, 0.01, "", Scores(*[np.array([])] * 4))
    assert thresholds_of(asked(needed=needed, guessed_from=guess).faces[0].answer, rule) == pytest.approx(shown)
