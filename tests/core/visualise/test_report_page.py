"""The report as one file: names escaped, faces inside, nothing fetched."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from core.similarity.bootstrap import Figure
from core.similarity.probability import ReliabilityRow
from core.similarity.report import CharacterFigures, ConfusedFaces, Report
from core.visualise.report_page import report_page

BAD = '<script>alert("x")</script> & 綾波'
NAN = float("nan")
REPORT = Report(
    (Figure("recall@1", 0.875, 0.75, 0.9375, 1234), Figure("MAP@R", NAN, NAN, NAN, 0)),
    ((0.001, 0.2), (0.1, 0.9), (1.0, 1.0)),
    ((0.01, 0.5, 0.4, 0.6), (0.1, 0.8, NAN, NAN)),
    "faces of held-out characters",
    (CharacterFigures(BAD, 4, 0.25, 0.05, 0.7, NAN),),
    (ConfusedFaces(BAD, "Rei", 3, 4, ((0, 1), (1, 0))),),
    (ReliabilityRow(0.0, 0.1, 0.4, 0.05, 0.06), ReliabilityRow(0.9, 1.0, 0.6, 0.97, 0.95)),
    Figure("calibration error (ECE)", 0.016, 0.01, 0.03, 90),
)


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def page(report=REPORT, faces=lambda which, row: np.full((40, 40, 3), 90 + row, np.uint8)):
    return report_page(report, BAD, "who asked", faces)


def test_names_are_escaped_and_nothing_is_fetched():
    found = Tags(page())
    assert not [tag for tag, _ in found.tags if tag in ("script", "link", "iframe", "object")]
    assert BAD in "".join(found.text)
    sources = [about["src"] for tag, about in found.tags if tag == "img"]
    assert len(sources) == 4
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    assert not re.search(r"(?:https?:)?//|url\(|@import", re.sub(r"base64,[^\"]+", "", page()))


def test_figures_are_shown_with_interval_and_number():
    words = " ".join(Tags(page()).text)
    for word in ("87.5 %", "[75.0, 93.8]", "1,234", "3 of 4", "25.0 %", "–"):
        assert word in words


def test_a_face_that_cannot_be_read_is_left_out_and_too_few_faces_make_no_chart():
    empty = Report(REPORT.figures, (), (), "none", (), (), (), REPORT.calibration)
    assert "<img" not in page(faces=lambda which, row: None)
    words = " ".join(Tags(page(empty)).text)
    assert words.count("Too few faces to tell") == 3
    assert "No face was taken for another" in words


def test_curves_lie_where_their_figures_say():
    """The chart is 300 x 220 from (46, 10); 0.1 % lies at its left edge, 1 % a third, 10 % two thirds on."""
    text = page()
    assert re.findall(r'class=curve points="([^"]*)"', text) == [
        "46.0,186.0 246.0,32.0 346.0,10.0",  # 20 %, 90 % and all
        "146.0,120.0 246.0,54.0",
    ]
    assert re.findall(r'class=band points="([^"]*)"', text) == ["146.0,98.0 146.0,142.0"], "what is unknown has no band"
    assert re.findall(r"class=dot cx=([\d.]+) cy=([\d.]+) r=([\d.]+)", text) == [
        ("61.0", "216.8", "8.7"),  # told 5 %, right 6 %, two fifths of the answers: 3 + 9 x 0.63
        ("337.0", "21.0", "10.0"),
    ]
    assert "<line class=even x1=46.0 y1=230.0 x2=346.0 y2=10.0 />" in text


def test_the_grid_is_told_at_its_ends_and_between():
    chart = page().split("<figure>")[1]
    assert re.findall(r"x1=46.0 x2=346.0 y1=([\d.]+) y2=([\d.]+)", chart) == [
        (y, y) for y in ("230.0", "175.0", "120.0", "65.0", "10.0")
    ]
    assert re.findall(r"<text x=40.0 y=([\d.]+) text-anchor=end>([\d%]+)<", chart) == [
        ("234.0", "0%"),
        ("179.0", "25%"),
        ("124.0", "50%"),
        ("69.0", "75%"),
        ("14.0", "100%"),
    ]
    assert re.findall(r"<text x=([\d.]+) y=248.0 text-anchor=middle>([\d.%]+)<", chart) == [
        ("46.0", "0.1%"),
        ("146.0", "1%"),
        ("246.0", "10%"),
        ("346.0", "100%"),
    ]
    assert re.findall(r"x1=([\d.]+) x2=[\d.]+ y1=10.0 y2=230.0", chart) == ["46.0", "146.0", "246.0", "346.0"]
    assert 'viewBox="0 0 370 276"' in chart
    assert "<text x=196.0 y=268.0 text-anchor=middle>pairs of two characters accepted</text>" in chart
    last = page().split("<figure>")[3]
    assert re.findall(r"<text x=([\d.]+) y=248.0", last) == ["46.0", "121.0", "196.0", "271.0", "346.0"]


def test_rates_below_a_thousandth_are_left_out():
    few = replace(REPORT, roc=((0.0009, 0.1), (0.001, 0.2), (0.5, NAN)))
    assert re.findall(r'class=curve points="([^"]*)"', page(few))[0] == "46.0,186.0"


@pytest.mark.parametrize(("more", "said"), [(0, False), (1, True)])
def test_two_hundred_characters_are_listed_and_how_many_more_there_are(more, said):
    rows = tuple(CharacterFigures(f"who {i}", 4, 0.5, 0.2, 0.7, 0.25) for i in range(200 + more))
    text = page(replace(REPORT, by_character=rows))
    assert text.count("<tr><td>who ") == 200
    assert ("1 more characters are better than these." in text) is said


def test_faces_are_small_pictures_in_their_colours():
    text = page(faces=lambda which, row: np.full((100, 30, 3), (200, 100, 20), np.uint8))
    data = base64.b64decode(re.search(r'base64,([^"]*)"', text)[1])
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (56, 56)
        assert np.abs(np.asarray(image)[28, 28].astype(int) - (200, 100, 20)).max() < 12


def test_numbers_stand_at_the_right_and_words_at_the_left():
    text = page()
    assert "<th>figure</th><th class=n>value</th><th class=n>95 %</th><th class=n>n</th>" in text
    assert "<th>character</th><th>taken for</th><th class=n>faces</th><th>examples</th>" in text
