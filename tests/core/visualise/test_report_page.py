"""The report as one file: names escaped, faces inside, nothing fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np

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
