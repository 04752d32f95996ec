"""Boxes and names drawn on a picture: the original is untouched, the label is inside, every script is written."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageDraw

from core.errors import DataError
from core.imaging.boxes import Box
from core.imaging.reading import read_picture
from core.recognise.annotating import (
    COLOURS,
    WHITE,
    _fonts,
    _has,
    _label,
    annotate,
    annotated,
    annotated_to_keep,
    font_advice,
    font_for,
    label_of,
)
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


JAPANESE = ["綾波レイ", "惣流・アスカ", "初音ミク"]


@pytest.fixture
def only(monkeypatch):
    """Let only the packaged font be there, or none that has more than Latin letters."""

    def allow(packaged: bool) -> None:
        monkeypatch.setattr("core.recognise.annotating.FONTS", ("DejaVuSans.ttf",))
        if not packaged:
            monkeypatch.setattr("core.recognise.annotating.PACKAGE", "a_package_that_is_not_there")
        _fonts.cache_clear()

    yield allow
    _fonts.cache_clear()


def test_the_packaged_font_writes_japanese_and_draws_another_label_for_each_name(only):
    pytest.importorskip("noto_cjk_sans_jp_regular", reason="requirements-fonts.txt is not installed")
    only(packaged=True)
    assert font_advice([*JAPANESE, "Rei", "한글", "Мисато"]) == ""
    rgb = np.full((200, 300, 3), 128, np.uint8)
    drawn = {annotated(rgb, [recognised("match", name, Box(60, 80, 80, 80))]).tobytes() for name in JAPANESE}
    assert len(drawn) == 3
    for name in JAPANESE:  # no two letters are the same box
        masks = {bytes(font_for(name, 30).getmask(letter)) for letter in set(name)}
        assert len(masks) == len(set(name))


def test_without_a_font_it_is_said_which_names_and_what_to_install(only):
    only(packaged=False)
    assert font_advice(["Rei", "Ægir"]) == ""
    assert "all letters of 綾波レイ; boxes" in font_advice(["Rei", JAPANESE[0]])
    assert "綾波レイ and 惣流・アスカ;" in font_advice(JAPANESE[:2])
    words = font_advice(JAPANESE)
    assert "綾波レイ and 2 other names;" in words
    assert words.endswith("pip install -r requirements-fonts.txt")


def test_a_picture_is_written_beside_what_is_there(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"mine")
    one = answered(tmp_path / "elsewhere" / "a.png", recognised("match", "Rei"))
    made = annotate(one, tmp_path)
    assert made == tmp_path / "a (2).jpg"
    assert read_picture(made).shape == (480, 480, 3)
    assert annotate(one, tmp_path) is None, "it is there already"
    assert (tmp_path / "a.jpg").read_bytes() == b"mine"
    assert annotate(answered(tmp_path / "b.png", error="damaged"), tmp_path) is None


@pytest.mark.parametrize(("side", "line", "letters"), [(200, 2, 12), (480, 2, 12), (900, 3, 22), (3000, 10, 75)])
def test_lines_and_letters_grow_with_the_picture_and_never_get_too_small(monkeypatch, side, line, letters):
    sizes = []
    monkeypatch.setattr("core.recognise.annotating._label", lambda draw, face, size, *_: sizes.append(size))
    box = Box(50, 5, side - 60, side // 2 - 10)
    drawn = annotated(np.zeros((side // 2, side, 3), np.uint8), [recognised("match", "Rei", box)])
    row = drawn[50, : side // 2]
    assert sizes == [letters]
    assert (row == COLOURS["match"]).all(axis=1).sum() == line
    assert (row == WHITE).all(axis=1).sum() == line


@pytest.mark.parametrize("shape", [(20_000, 800), (800, 20_000)])
def test_letters_on_a_strip_go_by_its_shorter_side(monkeypatch, shape):
    sizes = []
    monkeypatch.setattr("core.recognise.annotating._label", lambda draw, face, size, *_: sizes.append(size))
    annotated(np.zeros((*shape, 3), np.uint8), [recognised("match", "Rei", Box(50, 50, 90, 90))])
    assert sizes == [40]


@pytest.fixture
def labels(monkeypatch):
    """The corners of the labels that are drawn, and each picture's width."""
    found = []
    rectangle = ImageDraw.ImageDraw.rectangle

    def noted(draw, corners, fill=None, outline=None, width=1):
        if fill is not None:
            found.append((*corners, draw.im.size[0]))
        rectangle(draw, corners, fill, outline, width)

    monkeypatch.setattr(ImageDraw.ImageDraw, "rectangle", noted)
    return found


@pytest.mark.parametrize(
    ("shape", "name", "kept"),
    [
        ((48, 48), "Rei", (480, 480)),
        ((60, 40), "Rei", (480, 320)),
        ((480, 480), "Rei", (480, 480)),
        ((600, 900), "Rei", (600, 900)),
        ((4, 4000), "Rei", (5, 4096)),
    ],
)
def test_a_small_picture_is_enlarged_until_its_names_can_be_read(labels, shape, name, kept):
    drawn = annotated_to_keep(np.zeros((*shape, 3), np.uint8), [recognised("match", name, Box(8, 8, 24, 24))])
    assert drawn.shape[:2] == kept
    x, _, right, _, width = labels[0]
    assert right - x > 15 and right <= width


def test_the_box_is_enlarged_with_its_picture():
    drawn = annotated_to_keep(np.zeros((48, 48, 3), np.uint8), [recognised("match", "Rei", Box(8, 20, 24, 24))])
    assert (drawn[300] == COLOURS["match"]).all(axis=1).nonzero()[0].tolist() == [80, 81, 319, 320]


@pytest.mark.parametrize("shape", [(48, 48), (300, 90), (1000, 120), (900, 900)])
def test_a_long_name_is_never_cut(labels, shape):
    name = "Princess Carmilla Elisabeth of the Northern Isles and all that lies behind them"
    annotated_to_keep(np.zeros((*shape, 3), np.uint8), [recognised("match", name, Box(8, 8, 30, 30))])
    x, _, right, _, width = labels[0]
    assert x >= 0 and right <= width


def test_a_small_picture_without_a_face_stays_as_it_is():
    assert annotated_to_keep(np.zeros((48, 48, 3), np.uint8), []).shape == (48, 48, 3)


class Pen:
    """Remembers what is drawn; every text is 30 x 10 pixels and begins 2 to the right of and 3 below its place."""

    def __init__(self):
        self.boxes, self.texts = [], []

    def textbbox(self, place, text, font):
        return (2, 3, 32, 13)

    def rectangle(self, corners, fill, outline):
        self.boxes.append(corners)

    def text(self, place, text, font, fill):
        self.texts.append((place, text))


@pytest.mark.parametrize(
    ("box", "corner"),
    [
        (Box(20, 50, 30, 30), (20, 34)),  # above the face: 10 high, 3 to each side
        (Box(20, 16, 30, 30), (20, 0)),  # just enough room above
        (Box(20, 15, 30, 30), (20, 45)),  # else below
        (Box(20, 0, 30, 100), (20, 84)),  # else inside, at the lower border
        (Box(-5, 50, 30, 30), (0, 34)),
        (Box(90, 50, 30, 30), (64, 34)),  # not over the right border: 100 - 30 - 6
    ],
)
def test_a_label_stands_above_its_face_else_below_and_always_inside(box, corner):
    pen = Pen()
    _label(pen, recognised("match", "Rei", box), 12, 100, 100)
    x, y = corner
    assert pen.boxes == [(x, y, x + 36, y + 16)]
    assert pen.texts == [((x + 3 - 2, y + 3 - 3), "Rei")]


def test_small_letters_have_two_pixels_around_them_and_a_tiny_picture_keeps_its_label_at_the_corner():
    pen = Pen()
    _label(pen, recognised("match", "Rei", Box(2, 2, 5, 5)), 4, 10, 10)
    assert pen.boxes == [(0, 0, 34, 14)]


def test_the_chosen_face_is_drawn_twice_as_strong():
    faces = [recognised("match", "Rei", Box(40, 40, 60, 60)), recognised("match", "Rei", Box(120, 40, 60, 60))]
    drawn = annotated(np.zeros((200, 200, 3), np.uint8), faces, chosen=1)
    row = (drawn[90] == COLOURS["match"]).all(axis=1)
    assert (row[:70].sum(), row[110:150].sum()) == (2, 4)
    plain = annotated(np.zeros((200, 200, 3), np.uint8), faces)[90, 110:150]
    assert (plain == COLOURS["match"]).all(axis=1).sum() == 2


def test_a_name_of_several_lines_is_one_line():
    assert label_of(recognised("match", " Rei \n Ayanami ")) == "Rei Ayanami"


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DataError, match=r"cannot be written to: .*Name another place"):
        annotate(answered(tmp_path / "a.png", recognised("match", "Rei")), tmp_path / "file")


def test_a_folder_is_made_with_all_above_it(tmp_path):
    made = annotate(answered(tmp_path / "a.png", recognised("match", "Rei")), tmp_path / "x" / "y")
    assert made == tmp_path / "x" / "y" / "a.jpg"


def test_a_blank_is_in_every_font():
    font = font_for(" ", 12)
    assert _has(font, " ") and _has(font, "a")
