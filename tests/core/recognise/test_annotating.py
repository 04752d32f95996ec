"""Boxes and names drawn on a picture: the original is untouched, the label is inside, every script is written."""

from __future__ import annotations

import numpy as np
import pytest

from core.imaging.boxes import Box
from core.imaging.reading import read_picture
from core.recognise.annotating import COLOURS, WHITE, annotate, annotated, font_for, label_of
from tests.recognised import answered, recognised


@pytest.mark.parametrize("grey", [0, 128, 255])
@pytest.mark.parametrize("box", [Box(60, 60, 80, 80), Box(0, 0, 200, 200), Box(150, 0, 50, 60)])
def test_a_box_and_a_label_show_on_any_background(grey, box):
    rgb = np.full((200, 200, 3), grey, np.uint8)
    drawn = annotated(rgb, [recognised("match", "Rei", box)])
    assert (rgb == grey).all(), "the picture given is not drawn on"
    for colour in (COLOURS["match"], WHITE):
        assert (drawn == colour).all(axis=2).sum() > 50


def test_words_for_each_verdict():
    faces = recognised("match", "Rei"), recognised("unsure", "Rei"), recognised("unknown", None)
    assert [label_of(face) for face in faces] == ["Rei", "Rei?", "unknown"]


@pytest.mark.parametrize("name", ["Ægir", "Мисато", "Ω"])
def test_a_name_that_a_font_of_the_system_has_is_written_with_it(name):
    """Two names look different; boxes for missing letters would look alike."""
    font = font_for(name, 20)
    other = "".join(chr(ord(letter) + 1) for letter in name)
    assert bytes(font.getmask(name)) != bytes(font.getmask(other))


def test_a_picture_is_written_beside_what_is_there(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"mine")
    one = answered(tmp_path / "elsewhere" / "a.png", recognised("match", "Rei"))
    made = annotate(one, tmp_path)
    assert made == tmp_path / "a (2).jpg"
    assert read_picture(made).shape == (80, 80, 3)
    assert annotate(one, tmp_path) is None, "it is there already"
    assert (tmp_path / "a.jpg").read_bytes() == b"mine"
    assert annotate(answered(tmp_path / "b.png", error="damaged"), tmp_path) is None


@pytest.mark.parametrize(("side", "line", "letters"), [(200, 2, 12), (480, 2, 12), (900, 3, 22), (3000, 10, 75)])
def test_lines_and_letters_grow_with_the_picture_and_never_get_too_small(monkeypatch, side, line, letters):
    sizes = []
    monkeypatch.setattr("core.recognise.annotating._label", lambda draw, face, size, *_: sizes.append(size))
    drawn = annotated(np.zeros((100, side, 3), np.uint8), [recognised("match", "Rei", Box(50, 5, side - 60, 90))])
    row = drawn[50, : side // 2]
    assert sizes == [letters]
    assert (row == COLOURS["match"]).all(axis=1).sum() == line
    assert (row == WHITE).all(axis=1).sum() == line
