"""Folders and captions as kohya's scripts read them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.datasets.config import ExportConfig
from core.datasets.kohya import caption, figure_box, padded_square, plan_kohya
from core.datasets.outputs import write_folder
from core.datasets.records import DataSet
from core.errors import DataError
from core.imaging.boxes import Box
from core.imaging.reading import read_picture


def test_whole_pictures_with_captions_in_folders_that_say_how_often(data, tmp_path):
    plan = plan_kohya(data, ExportConfig("whole", min_side=120, repeats=7))
    out = write_folder(tmp_path / "set", plan)
    assert plan.items == {"7_Rei_A": 1, "7_Asuka": 1, "7_Kaworu": 1, "7_Empty": 1, "7_Unseen": 1}
    assert sorted(p.name for p in (out / "7_Rei_A").iterdir()) == ["000001_001.jpg", "000001_001.txt"]
    assert (out / "7_Rei_A" / "000001_001.txt").read_text() == "Rei A, 1girl, blue hair, ^_^\n"
    assert (out / "7_Rei_A" / "000001_001.jpg").read_bytes() == data.pictures[0].file.read_bytes()


def test_figures_are_padded_to_squares(data, tmp_path):
    out = write_folder(tmp_path / "set", plan_kohya(data, ExportConfig("figure", min_side=1)))
    shown = read_picture(out / "10_Rei_A" / "000001_001_11.jpg")
    # the face of 20 pixels at (40, 30): 180 around it, of which the picture has 140 x 110 from (0, 10); then padded
    assert shown.shape == (140, 140, 3)
    assert shown[:12].min() > 245 and shown[-12:].min() > 245
    original = read_picture(data.pictures[0].file)[10:120, 0:140]
    assert np.abs(shown[15:125].astype(int) - original).mean() < 6


def test_the_square_around_a_figure():
    assert figure_box(Box(40, 30, 20, 20), 160, 120) == Box(0, 10, 140, 110)
    assert padded_square(np.zeros((3, 6, 3), np.uint8))[:, 0, 0].tolist() == [255, 0, 0, 0, 255, 255]


def test_faces_and_the_smallest_size(data, tmp_path):
    plan = plan_kohya(data, ExportConfig("face", min_side=41))
    assert plan.items == {"10_Kaworu": 1}  # the others' crops have 40 pixels a side, this one 80
    assert plan.notes == ("2 pictures left out: less than 41 pixels a side.",)
    assert plan_kohya(data, ExportConfig("face", min_side=40)).items["10_Asuka"] == 1
    with pytest.raises(DataError, match=r"no pictures of a character to export. 3 pictures left out: less than 999"):
        plan_kohya(data, ExportConfig("face", min_side=999))


def test_a_caption_names_who_else_is_shown_and_no_comma_splits_a_name(data):
    rei = data.pictures[0]
    other = replace(rei.faces[0], id=15, name="Yui, the second", box=Box(140, 100, 10, 10))
    both = replace(rei, faces=(*rei.faces, other))
    assert caption(both, "Rei A", Box(0, 0, 160, 120)).startswith("Rei A, Yui the second, 1girl")
    assert "Yui" not in caption(both, "Rei A", Box(0, 0, 100, 100))


def test_formats_that_the_scripts_do_not_read_become_jpeg(data, tmp_path):
    from PIL import Image

    source = tmp_path / "a.gif"
    Image.fromarray(np.full((120, 160, 3), 200, np.uint8)).save(source)
    one = DataSet("test", (replace(data.pictures[0], file=source, place="pictures/Rei_A/a.gif"),))
    out = write_folder(tmp_path / "set", plan_kohya(one, ExportConfig("whole", min_side=1)))
    assert read_picture(out / "10_Rei_A" / "000001_a.jpg").shape == (120, 160, 3)


def test_short_tags_keep_their_low_lines_and_longer_ones_lose_them(data):
    origin = replace(data.pictures[0].origin, tags=("^_^", "a_bc", "x_y"))
    one = replace(data.pictures[0], origin=origin, faces=())
    assert caption(one, "Rei", Box(0, 0, 9, 9)) == "Rei, ^_^, a bc, x_y"


@pytest.mark.parametrize(("height", "width"), [(6, 3), (3, 6), (5, 5), (2, 5)])
def test_a_square_holds_the_picture_in_its_middle(height, width):
    square = padded_square(np.zeros((height, width, 3), np.uint8))
    side = max(height, width)
    assert square.shape == (side, side, 3)
    dark = np.argwhere(square[..., 0] == 0)
    assert dark.min(axis=0).tolist() == [(side - height) // 2, (side - width) // 2]
    assert len(dark) == height * width


def test_the_longer_side_of_a_face_is_its_unit():
    assert figure_box(Box(400, 200, 100, 50), 2000, 2000) == figure_box(Box(400, 200, 100, 50), 2000, 2001)
    assert figure_box(Box(450, 200, 50, 100), 2000, 2000) == Box(25, 100, 900, 900)
    with pytest.raises(ValueError, match="holds no pixel"):
        figure_box(Box(5000, 200, 10, 10), 100, 100)


@pytest.mark.parametrize(("min_side", "kept"), [(120, True), (121, False)])
def test_the_shorter_side_of_a_whole_picture_counts(data, min_side, kept):
    """The pictures have 160 x 120 pixels."""
    rei = DataSet("test", data.pictures[:1])
    if kept:
        assert plan_kohya(rei, ExportConfig("whole", min_side=min_side)).items == {"10_Rei_A": 1}
    else:
        with pytest.raises(DataError, match="1 picture left out: less than 121"):
            plan_kohya(rei, ExportConfig("whole", min_side=min_side))


@pytest.mark.parametrize(("min_side", "kept"), [(140, True), (141, False)])
def test_the_longer_side_of_what_is_shown_around_a_figure_counts(data, min_side, kept):
    """Of the square 140 x 110 pixels lie on the picture."""
    rei = DataSet("test", data.pictures[:1])
    if kept:
        assert plan_kohya(rei, ExportConfig("figure", min_side=min_side)).items == {"10_Rei_A": 1}
    else:
        with pytest.raises(DataError, match="1 picture left out"):
            plan_kohya(rei, ExportConfig("figure", min_side=min_side))


@pytest.mark.parametrize(
    ("face", "shown"), [(Box(0, 0, 3, 60_000), 48), (Box(0, 29_990, 3, 6), 54), (Box(0, 0, 3, 9), 48)]
)
def test_the_square_around_a_box_that_no_face_has_stays_small(face, shown):
    """Filled up to a square, 60,000 pixels would be 11 GB."""
    assert max(figure_box(face, 3, 60_000).as_list()[2:]) == shown
